import { NestFactory } from '@nestjs/core';
import { sessions } from 'sealring/nest';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.use(sessions());
await app.listen(3000);
