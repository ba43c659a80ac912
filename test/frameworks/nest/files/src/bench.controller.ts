/** “hello”, and a session that is read and written: with the adapter, with the core alone, with the library that people usually take. */
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type InferSession, saveBeforeHeaders } from 'sealring';
import { sessions } from 'sealring/nest';
import { login } from './sessions.js';

@Controller('bench')
export class BenchController {
  @Get('sealring')
  ours(@sessions(login) session: InferSession<typeof login>) {
    session.update('count', (n = 0) => n + 1);
    return 'hello';
  }

  @Get('core')
  async core(@Req() req: Request, @Res({ passthrough: true }) res: Response) {
    saveBeforeHeaders(req, res);
    const session = await login.get(req);
    session.update('count', (n = 0) => n + 1);
    return 'hello';
  }

  @Get('usual')
  usual(@Req() { session }: Request) {
    if (session) session['count'] = Number(session['count'] ?? 0) + 1;
    return 'hello';
  }
}
