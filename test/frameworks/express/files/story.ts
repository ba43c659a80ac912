/** The routes that only the tests need. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import compression from 'compression';
import express from 'express';
import { app } from './app.ts';
import { bench } from './bench.ts';
import { failing } from './failing.ts';
import { cart, login } from './sessions.ts';

const nextEvent = new EventTarget();

app.use(express.static('public'));
app.use(compression());
app.use('/story/two', (_req, res, next) => {
  res.cookie('theme', 'dark');
  next();
});

app.post('/story/regenerate', async (req, res) => {
  const session = await login.get(req);
  await session.regenerate();
  res.redirect(303, '/');
});

app.post('/story/count', async (req, res) => {
  res.send(`${await count(req)}`);
});

app.get('/story/get', async (_req, res) => {
  res.send(`${await count()}`);
});

app.post('/story/other-request', async (req, res) => {
  res.send(`${await count({ headers: { ...req.headers } })}`);
});

app.get('/story/two', async (req, res) => {
  const items = await cart.get(req);
  items.update('items', (n = 0) => n + 1);
  res.send(`${await count(req)} ${items.get('items')}`);
});

app.get('/story/stream', async (req, res) => {
  await count(req);
  for (const line of ['one\n', 'two\n', 'three\n']) {
    res.write(line);
    await wait(5);
  }
  res.end();
});

app.get('/story/events', async (req, res) => {
  await count(req);
  res.type('text/event-stream').flushHeaders();
  res.write('data: first\n\n');
  res.flush(); // what compression() keeps back
  await once(nextEvent, 'next');
  res.end('data: second\n\n');
});

app.post('/story/next-event', (_req, res) => {
  nextEvent.dispatchEvent(new Event('next'));
  res.sendStatus(204);
});

app.get('/story/redirect', async (req, res) => {
  await count(req);
  res.redirect('/');
});

app.use(failing);

app.get('/story/etag', async (req, res) => {
  const session = await login.get(req);
  res.send(`user ${session.subject}`);
});

app.get('/story/slow', async (req, res) => {
  await count(req);
  await wait(200);
  res.send('late');
});

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}

// Before the example, so that its middleware has no part in it.
express()
  .use(bench)
  .use(app)
  .listen(Number(process.env['PORT']), process.env['HOST'] ?? '');
