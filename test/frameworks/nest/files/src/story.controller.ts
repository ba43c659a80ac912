/** The routes that only the tests need. */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Post,
  Redirect,
  Req,
  Sse,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import type { Request } from 'express';
import { concat, of, Subject, take } from 'rxjs';
import type { InferSession } from 'sealring';
import { sessions } from 'sealring/nest';
import { cart, login } from './sessions.js';

type Login = InferSession<typeof login>;

const nextEvent = new Subject<{ data: string }>();

/** A guard gets the session as handlers do, from the request. */
@Injectable()
class CountingGuard implements CanActivate {
  async canActivate(context: ExecutionContext) {
    await count(context.switchToHttp().getRequest<Request>());
    return true;
  }
}

@Controller('story')
export class StoryController {
  @Post('regenerate')
  @Redirect('/', 303)
  async regenerate(@sessions(login) session: Login) {
    await session.regenerate();
  }

  @Post('count')
  @HttpCode(200)
  @UseGuards(CountingGuard)
  count(@sessions(login) session: Login) {
    return `${session.get('count')}`;
  }

  @Get('get')
  async get() {
    return `${await count()}`;
  }

  @Post('other-request')
  @HttpCode(200)
  async otherRequest(@Req() { headers }: Request) {
    return `${await count({ headers: { ...headers } })}`;
  }

  @Get('two')
  async two(@sessions(login) session: Login, @sessions(cart) items: InferSession<typeof cart>) {
    items.update('items', (n = 0) => n + 1);
    session.update('count', (n = 0) => n + 1);
    return `${session.get('count')} ${items.get('items')}`;
  }

  @Get('stream')
  async stream(@Req() request: Request) {
    await count(request);
    const lines = async function* () {
      for (const line of ['one\n', 'two\n', 'three\n']) {
        yield line;
        await wait(5);
      }
    };
    return new StreamableFile(Readable.from(lines(), { objectMode: false }));
  }

  @Sse('events')
  async events(@Req() request: Request) {
    await count(request);
    return concat(of({ data: 'first' }), nextEvent.pipe(take(1)));
  }

  @Post('next-event')
  @HttpCode(204)
  nextEvent() {
    nextEvent.next({ data: 'second' });
  }

  @Get('redirect')
  @Redirect('/')
  async redirect(@Req() request: Request) {
    await count(request);
  }

  @Get('throw')
  async throw(@Req() request: Request) {
    await count(request);
    throw new Error('boom');
  }

  @Get('throw-after-logout')
  throwAfterLogout(@sessions(login) session: Login) {
    session.logout();
    throw new Error('boom');
  }

  @Get('etag')
  etag(@sessions(login) session: Login) {
    return `user ${session.subject}`;
  }

  @Get('slow')
  async slow(@Req() request: Request) {
    await count(request);
    await wait(200);
    return 'late';
  }
}

async function count(request?: Parameters<typeof login.get>[0]): Promise<number | undefined> {
  const session = await login.get(request);
  session.update('count', (n = 0) => n + 1);
  return session.get('count');
}
