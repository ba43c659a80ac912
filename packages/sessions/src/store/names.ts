/** The names of a store's sessions -> what is decided once for each. */

import type { Sealer } from '@sealring/codec';
import type { RawRecord } from '@sealring/wire';
import { cookieNameOf, readAttributes } from '../cookie/attributes.ts';
import { noticeCopy } from '../copies.ts';
import { describe } from '../options.ts';
import type { Lifetime } from '../session/lifetime.ts';
import type { Named } from './named.ts';
import type { Place } from './place.ts';
import type { Setup } from './setup.ts';
import type { Step } from './steps.ts';
import type { NamedOptions, StoreCore } from './store.ts';
import { reportUnsaved } from './unsaved.ts';

/** How many names without a definition are remembered: whoever makes names out of requests must not fill the memory. */
const MAX_NAMES = 256;

/** What a store does differently from another. */
export interface StoreKind {
  readonly setup: Setup;
  /** The place of the sessions of a name. */
  placeOf(cookieName: string, lifetimeOf: (record: RawRecord) => Lifetime): { place: Place; sealer: () => Sealer };
  /** The number of a subject, with which a login counts. */
  stampOf(subject: string): Step<number>;
}

export function createCore(kind: StoreKind): StoreCore {
  noticeCopy();
  const defined = new Map<string, Named>();
  const others = new Map<string, Named>();
  const core: StoreCore = {
    named(name) {
      kind.setup.keys(); // a missing key throws in the first request, not only in the first that brings a cookie
      const known = defined.get(name) ?? others.get(name);
      if (known !== undefined) return known;
      const named = nameOf(core, kind, name);
      if (others.size >= MAX_NAMES) others.delete(others.keys().next().value ?? '');
      others.set(name, named);
      return named;
    },
    define(name, options) {
      others.delete(name);
      defined.set(name, nameOf(core, kind, name, options)); // again, when a module is loaded again in development
    },
  };
  return core;
}

function nameOf(store: StoreCore, kind: StoreKind, name: string, options?: NamedOptions): Named {
  const { setup } = kind;
  const attributes = readAttributes({ ...setup.cookie, ...options?.cookie }, 'cookie');
  const cookieName = cookieNameOf(name, attributes);
  const lifetime = options?.lifetime(setup.lifetime) ?? setup.lifetime;
  const lifetimeOf = ({ maxAge }: RawRecord): Lifetime =>
    maxAge === undefined ? lifetime : { ...lifetime, maxAge: maxAge ?? undefined };
  const { place, sealer } = kind.placeOf(cookieName, lifetimeOf);
  return {
    store,
    name,
    cookieName,
    attributes,
    lifetime,
    place,
    sealer,
    codec: { encode: (value) => sealer().encode(value), decode: (bytes) => sealer().decode(bytes) },
    now: setup.now,
    emit: setup.emit,
    onLoss: () => reportUnsaved(name, setup.emit),
    lifetimeOf,
    stampOf: (subject) => kind.stampOf(subject),
    tenantOf: (request) => options?.context && checkTenant(options.context(request)),
    prepare: (draft) => options?.prepare(draft),
    checkValues: (draft) => options?.checkValues(draft),
  };
}

function checkTenant(tenant: unknown): string {
  if (typeof tenant === 'string') return tenant;
  throw new TypeError(`"context" expected a function that returns a string, got one that returns ${describe(tenant)}`);
}
