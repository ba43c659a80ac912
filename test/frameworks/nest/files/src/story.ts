/** The example and the routes of the story, on Express. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import usual from 'cookie-session';
import { sessions } from 'sealring/nest';
import { StoryModule } from './story.module.js';

const app = await NestFactory.create<NestExpressApplication>(StoryModule, { logger: ['error'] });
const adapter = sessions();
app.use((req: IncomingMessage, res: ServerResponse, next: () => void) => {
  if (/^\/bench\/(?!sealring)/.test(req.url ?? '')) next();
  else void adapter(req, res, next);
});
app.use('/bench/usual', usual({ keys: ['a key of the benchmark'], name: 'usual' }));
app.useStaticAssets('public');
app.use(compression());
app.use('/story/two', (_req: IncomingMessage, res: ServerResponse, next: () => void) => {
  res.appendHeader('Set-Cookie', 'theme=dark; Path=/');
  next();
});
await app.listen(Number(process.env['PORT']), process.env['HOST'] ?? '');
