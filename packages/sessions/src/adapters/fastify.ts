/** Fastify: a plugin whose hook opens the scope of a request and saves its sessions. Fastify carries the scope on, through body parsers as well. */

import type { NodeResponse } from '../response/node.ts';
import type { RequestWithHeaders } from '../store/request.ts';
import { sessions as middleware, type SessionsOptions } from './express.ts';

export type { SessionsOptions } from './express.ts';

type Hook = (
  request: { readonly raw: RequestWithHeaders },
  reply: { readonly raw: NodeResponse },
  done: () => void,
) => void;

/** The part of Fastify's instance that is needed. */
export interface FastifyHooks {
  addHook(name: 'onRequest', hook: Hook): unknown;
}

/** Fastify's `FastifyPluginCallback`. */
export type FastifySessions = (fastify: FastifyHooks, options: object, done: () => void) => void;

/**
 * A plugin that saves what the routes have changed, before the headers of the response are sent. It is not encapsulated: registered once, it is there for
 * all routes of the instance. `login.get(request)` finds the session.
 *
 * @throws {TypeError} if an option is wrong.
 * @example
 * import Fastify from 'fastify';
 * import { sessions } from 'sealring/fastify';
 * const app = Fastify();
 * app.register(sessions());
 */
export function sessions(options: SessionsOptions = {}): FastifySessions {
  const save = middleware(options);
  const plugin: FastifySessions = (fastify, _options, done) => {
    fastify.addHook('onRequest', (request, reply, next) => save(request.raw, reply.raw, next));
    done();
  };
  // What the package fastify-plugin does.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'sealring',
    [Symbol.for('plugin-meta')]: { name: 'sealring', fastify: '5.x' },
  });
}
