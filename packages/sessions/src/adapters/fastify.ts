/** Fastify: a plugin whose hook opens the scope of a request and saves its sessions. Fastify carries the scope on, through body parsers as well. */

import { checkFunction, checkOptions } from '../options.ts';
import type { NodeResponse } from '../response/node.ts';
import { saveBeforeHeaders } from '../response/save.ts';
import type { RequestWithHeaders } from '../store/request.ts';

/** Options of `sessions()`. */
export interface SessionsOptions {
  /**
   * Is told why a save failed, and may answer with a page of its own through Node's response. If it does not, the client gets a 500 without details.
   * Default: `console.error`.
   */
  onError?(error: unknown, response: NodeResponse): unknown;
}

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
  const { onError } = checkOptions('sessions()', options, ['onError']);
  checkFunction('onError', onError);
  const plugin: FastifySessions = (fastify, _options, done) => {
    fastify.addHook('onRequest', (request, reply, next) => {
      saveBeforeHeaders(request.raw, reply.raw, onError);
      next();
    });
    done();
  };
  // What the package fastify-plugin does.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'sealring',
    [Symbol.for('plugin-meta')]: { name: 'sealring', fastify: '5.x' },
  });
}
