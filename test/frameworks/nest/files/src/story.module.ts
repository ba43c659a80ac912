import { Module } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { BenchController } from './bench.controller.js';
import { StoryController } from './story.controller.js';

@Module({ imports: [AppModule], controllers: [StoryController, BenchController] })
export class StoryModule {}
