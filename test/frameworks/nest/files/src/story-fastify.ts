/** The same on Fastify. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { sessions } from 'sealring/nest';
import { StoryModule } from './story.module.js';

const app = await NestFactory.create<NestFastifyApplication>(StoryModule, new FastifyAdapter(), { logger: ['error'] });
app.use(sessions());
app.use('/story/two', (_req: IncomingMessage, res: ServerResponse, next: () => void) => {
  res.appendHeader('Set-Cookie', 'theme=dark; Path=/');
  next();
});
await app.listen(Number(process.env['PORT']), process.env['HOST'] ?? '');
