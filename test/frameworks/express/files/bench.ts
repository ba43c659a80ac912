/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the library that people usually take. */
import usual from 'cookie-session';
import express from 'express';
import { saveBeforeHeaders } from 'sealring';
import { sessions } from 'sealring/express';
import { login } from './sessions.ts';

export const bench = express();

bench.get('/bench/sealring', sessions(), async (req, res) => {
  const session = await login.get(req);
  session.update('count', (n = 0) => n + 1);
  res.send('hello');
});

bench.get('/bench/core', async (req, res) => {
  saveBeforeHeaders(req, res);
  const session = await login.get(req);
  session.update('count', (n = 0) => n + 1);
  res.send('hello');
});

bench.get('/bench/usual', usual({ keys: ['a key of the benchmark'], name: 'usual' }), (req, res) => {
  if (req.session) req.session['count'] = Number(req.session['count'] ?? 0) + 1;
  res.send('hello');
});
