import { test } from 'node:test';
import { Test } from '@nestjs/testing';
import { sessions } from 'sealring/nest';
import { mintCookie } from 'sealring/testing';
import request from 'supertest';
import { AppModule } from './app.module.js';
import { login } from './sessions.js';

test('a visitor who is logged in', async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = module.createNestApplication();
  app.use(sessions()); // as main.ts does, which is not part of the test
  await app.init();
  const cookie = await mintCookie(login, (session) => session.login('ada'));
  await request(app.getHttpServer())
    .get('/')
    .set('Cookie', cookie)
    .expect(200, /Hello ada/);
  await app.close();
});
