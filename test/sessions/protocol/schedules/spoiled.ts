/** Backends that do not keep their contract, to see that the search finds what comes of it. */
import type { Backend } from '../../../../packages/sessions/src/backends/backend.ts';

/** Writes whatever is there by then. */
export function blind(backend: Backend): Backend {
  return { ...methodsOf(backend), set: (id, data, { over: _, ...options }) => backend.set(id, data, options) };
}

/** Removes a record in place of writing a tombstone. */
export function forgetful(backend: Backend): Backend {
  const isTombstone = (data: Uint8Array) => new TextDecoder().decode(data) === 'E.';
  return {
    ...methodsOf(backend),
    set: (id, data, options) => (isTombstone(data) ? backend.delete(id) : backend.set(id, data, options)),
  };
}

/** Lists nothing. */
export function listless(backend: Backend): Backend {
  return { ...methodsOf(backend), list: nothing };
}

async function* nothing(): AsyncGenerator<never> {}

function methodsOf(backend: Backend): Backend {
  return {
    cas: 'atomic',
    inProcess: true,
    get: (id) => backend.get(id),
    set: (id, data, options) => backend.set(id, data, options),
    delete: (id) => backend.delete(id),
    list: (subject) => backend.list?.(subject) ?? nothing(),
  };
}
