/** The part of the address after `#` -> what to fill in. It never reaches a server, and never holds a key. */

export interface Fragment {
  token: string;
  name: string;
}

/** @param hash for example `#token=ERX…&name=demo`. @returns undefined where it holds no token. */
export function readFragment(hash: string): Fragment | undefined {
  const fields = new URLSearchParams(hash.slice(1));
  const token = fields.get('token');
  return token === null ? undefined : { token, name: fields.get('name') ?? '' };
}
