import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mintCookie } from 'sealring/testing';
import request from 'supertest';
import { app } from './app.ts';
import { login } from './sessions.ts';

test('a visitor who is logged in', async () => {
  const cookie = await mintCookie(login, (session) => session.login('ada'));
  const { text } = await request(app).get('/').set('Cookie', cookie);
  assert.match(text, /Hello ada/);
});

test('the login itself, with an agent that keeps cookies', async () => {
  const agent = request.agent(app);
  await agent.post('/login').type('form').send({ user: 'ada', password: 'sesame' }).expect(303);
  const { text } = await agent.get('/');
  assert.match(text, /Welcome back\./);
});
