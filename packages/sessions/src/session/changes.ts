/** What a request did to a session, as operations that can be applied again to a newer record. No snapshot ever overwrites another request's work. */

import type { Flash } from '@sealring/wire';
import type { Contents } from './contents.ts';

/** Messages that were read: they are removed, and no others. */
export interface Taken {
  readonly kind: 'take';
  readonly bag: string;
  readonly ids: ReadonlySet<number>;
}

export type Change =
  | Taken
  | { readonly kind: 'set'; readonly key: unknown; readonly value: unknown }
  | { readonly kind: 'delete'; readonly key: unknown }
  | { readonly kind: 'clear' }
  | { readonly kind: 'update'; readonly key: unknown; readonly update: (value: unknown) => unknown }
  | { readonly kind: 'flash'; readonly bag: string; readonly flash: Flash };

/** Applies one change to `contents`, in place. */
export function applyChange(contents: Contents, change: Change): void {
  switch (change.kind) {
    case 'set':
      contents.set(change.key, change.value);
      break;
    case 'delete':
      contents.values.delete(change.key);
      break;
    case 'clear':
      contents.values.clear();
      break;
    case 'update':
      contents.set(change.key, change.update(contents.get(change.key)));
      break;
    case 'flash':
      contents.flashes.set(change.bag, [...(contents.flashes.get(change.bag) ?? []), change.flash]);
      break;
    case 'take': {
      // Only those that were read: what another request has added meanwhile stays for the next reader.
      const left = (contents.flashes.get(change.bag) ?? []).filter(({ id }) => !change.ids.has(id));
      if (left.length > 0) contents.flashes.set(change.bag, left);
      else contents.flashes.delete(change.bag);
    }
  }
}
