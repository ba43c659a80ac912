/** What a request did to a session, as operations that can be done again on a newer record. No snapshot ever overwrites another request's work. */

/** A flash message, told from others that say the same. */
export interface Flash {
  /** A random number below 2^32. */
  readonly id: number;
  readonly message: unknown;
}

/** The values of a session and its flash messages by bag. */
export interface Contents {
  readonly values: Map<unknown, unknown>;
  readonly flashes: Map<string, readonly Flash[]>;
}

export type Change =
  | { readonly kind: 'set'; readonly key: unknown; readonly value: unknown }
  | { readonly kind: 'delete'; readonly key: unknown }
  | { readonly kind: 'clear' }
  | { readonly kind: 'reshape'; readonly reshape: (contents: Contents) => void }
  | { readonly kind: 'update'; readonly key: unknown; readonly update: (value: unknown) => unknown }
  | { readonly kind: 'flash'; readonly bag: string; readonly flash: Flash }
  | { readonly kind: 'take'; readonly bag: string; readonly ids: ReadonlySet<number> };

export function emptyContents(): Contents {
  return { values: new Map(), flashes: new Map() };
}

/** Does one change to `contents`, in place. */
export function applyChange(contents: Contents, change: Change): void {
  const { values, flashes } = contents;
  switch (change.kind) {
    case 'set':
      values.set(change.key, change.value);
      break;
    case 'delete':
      values.delete(change.key);
      break;
    case 'clear':
      values.clear();
      break;
    case 'reshape':
      change.reshape(contents);
      break;
    case 'update':
      values.set(change.key, change.update(values.get(change.key)));
      break;
    case 'flash':
      flashes.set(change.bag, [...(flashes.get(change.bag) ?? []), change.flash]);
      break;
    case 'take': {
      // Those that were read: what another request has added meanwhile stays for the next reader.
      const left = (flashes.get(change.bag) ?? []).filter(({ id }) => !change.ids.has(id));
      if (left.length > 0) flashes.set(change.bag, left);
      else flashes.delete(change.bag);
    }
  }
}
