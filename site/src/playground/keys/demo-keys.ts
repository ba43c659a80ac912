/** Keys that everybody knows, for documentation: the only ones that a link may name. */

/** By id; `demo-1` is the bytes 00 to 1f, `demo-2` the bytes 20 to 3f. */
export const DEMO_KEYS: ReadonlyMap<string, string> = new Map([
  ['demo-1', 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS'],
  ['demo-2', 'sealring_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8Eet0'],
]);

/** The id of a demo key by its text; undefined for every other key. */
export function demoKeyId(text: string): string | undefined {
  return [...DEMO_KEYS].find(([, secret]) => secret === text)?.[0];
}
