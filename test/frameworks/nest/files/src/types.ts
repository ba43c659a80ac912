/** What editors know in a handler. */

import type { INestApplication } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import type { InferSession, SessionOf } from 'sealring';
import { sessions } from 'sealring/nest';
import type { login } from './sessions.js';

expectTypeOf<ReturnType<typeof sessions>>().toExtend<ParameterDecorator>();
expectTypeOf(sessions()).toExtend<Parameters<INestApplication['use']>[0]>();
expectTypeOf<InferSession<typeof login>>().toEqualTypeOf<SessionOf<{ count: number }, string>>();
