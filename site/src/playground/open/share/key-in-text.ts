/** Texts that are to be given to others -> whether there is a key in them, as typed in a key field or pasted into the wrong one. */
import { DEMO_KEYS } from '../../keys/demo-keys.ts';
import type { Key } from '../../keys/keyring.ts';

/** As `generateKey` makes them, also where the end is missing. */
const KEY_TEXT = /sealring_[\w-]{20,}/g;
const SHORTEST = 8; // characters; what is shorter stands in other texts by chance

export function holdsKey(texts: readonly string[], keys: readonly Key[]): boolean {
  const demos = [...DEMO_KEYS.values()];
  return texts.some(
    (text) =>
      (text.match(KEY_TEXT) ?? []).some((found) => !demos.includes(found)) ||
      keys.some((key) => key.demo === undefined && isIn(text, key)),
  );
}

/** Also without its prefix and its checksum. */
function isIn(text: string, key: Key): boolean {
  const bare = key.text
    .trim()
    .replace(/^sealring_/, '')
    .slice(0, 43);
  return bare.length >= SHORTEST && text.includes(bare);
}

export const KEY_WARNING = 'One of the fields holds a key. Take it out there: nothing that you pass on must have it.';
