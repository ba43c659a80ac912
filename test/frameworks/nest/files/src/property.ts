/** Nest's own decorator, which gives what `req.session` holds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Controller, Get, Module, Session } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type Middleware, sessions } from 'sealring/nest';
import request from 'supertest';
import { login } from './sessions.js';

@Controller()
class CountController {
  @Get()
  count(@Session() session: { count?: number } | undefined) {
    if (session === undefined) return 'none';
    session.count = (session.count ?? 0) + 1;
    return `${session.count}`;
  }
}

@Module({ controllers: [CountController] })
class CountModule {}

async function visitTwice(middleware: Middleware): Promise<string[]> {
  const module = await Test.createTestingModule({ imports: [CountModule] }).compile();
  const app = module.createNestApplication();
  app.use(middleware);
  await app.init();
  const agent = request.agent(app.getHttpServer());
  const texts = [(await agent.get('/')).text, (await agent.get('/')).text];
  await app.close();
  return texts;
}

test('@Session() with a property', async () => {
  assert.deepEqual(await visitTwice(sessions({ property: 'session', session: login })), ['1', '2']);
});

test('@Session() without one', async () => {
  assert.deepEqual(await visitTwice(sessions()), ['none', 'none']);
});
