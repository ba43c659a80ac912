/** The part of the address after `#` <-> what is looked at. It never reaches a server, and a key is in it only by the id of a demo key. */
import { DEMO_KEYS } from './keys/demo-keys.ts';
import { type Fields, LAST_SECOND, VIEW_NAMES, type ViewName } from './workspace.ts';

export interface Fragment {
  readonly view: ViewName;
  /** A cookie's value or a line with cookies. */
  readonly token: string;
  readonly fields: Pick<Fields, 'name' | 'purpose' | 'context' | 'clock' | 'maxAge'>;
  /** Ids of demo keys. */
  readonly keys: readonly string[];
}

/**
 * @param hash for example `#view=open&token=EdvA…&name=session&key=demo-1`; all but the token may be missing.
 * @returns undefined where there is neither a token nor a view.
 */
export function readFragment(hash: string): Fragment | undefined {
  const given = new URLSearchParams(hash.slice(1));
  const token = given.get('token');
  const view = VIEW_NAMES.find((name) => name === given.get('view'));
  if (token === null && view === undefined) return undefined;
  return {
    view: view ?? 'open',
    token: token ?? '',
    fields: {
      name: given.get('name') ?? '',
      purpose: given.get('purpose') ?? '',
      context: given.get('context') ?? '',
      clock: seconds(given.get('now')),
      maxAge: seconds(given.get('max-age')),
    },
    keys: given.getAll('key').filter((id) => DEMO_KEYS.has(id)),
  };
}

/** The inverse, with the `#`; empty fields are left out. */
export function formatFragment({ view, token, fields, keys }: Fragment): string {
  const { name, purpose, context, clock, maxAge } = fields;
  const texts = { view, token, name, purpose, context, now: clock?.toString(), 'max-age': maxAge?.toString() };
  const given = Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `#${new URLSearchParams([...given, ...keys.map((id): [string, string] => ['key', id])])}`;
}

function seconds(text: string | null): number | undefined {
  const number = Number(text);
  return text !== null && /^\d+(\.\d+)?$/.test(text) && number <= LAST_SECOND ? number : undefined;
}
