/** Sessions that the library seals go in; what takes the room in their cookies comes out, in bytes of the 4,096. */
import { createSealer } from '@sealring/codec';
import { cookieStore, type Session } from 'sealring';
import { createClock, mintCookie } from 'sealring/testing';

/** What a cookie's bytes are spent on; name and value together. */
export interface CookieRoom {
  readonly label: string;
  readonly total: number;
  readonly parts: readonly { readonly name: 'name' | 'seal' | 'notes' | 'values'; readonly bytes: number }[];
}

const NAME = '__Host-shop';
const SEAL = 40;
const keys = [Uint8Array.from({ length: 32 }, (_, at) => at)];
const { now } = createClock(1_893_456_000);
const dictionary = ['cart', 'product', 'quantity', 'description'];
const cart = Array.from({ length: 20 }, (_, product) => ({ product, quantity: 1, description: 'An apple' }));

export async function measureCookies(): Promise<CookieRoom[]> {
  return Promise.all([
    measure('A login', { user: 'u_4071', name: 'Ada Lovelace' }),
    measure('A cart of 20 lines', { cart }),
    measure('The same cart, with a dictionary', { cart }, dictionary),
    measure('A text of 2,970 letters', { notes: 'x'.repeat(2_970) }),
  ]);
}

async function measure(label: string, values: Record<string, unknown>, names?: string[]): Promise<CookieRoom> {
  const options = { keys, ...(names && { dictionary: names }) };
  const fill = (session: Session) => {
    for (const [key, value] of Object.entries(values)) session.set(key, value);
  };
  const cookie = await mintCookie(cookieStore({ ...options, now }), 'shop', fill);
  const total = cookie.length - '='.length;
  const encoded = createSealer({ ...options, purpose: 'size' }).encode(values).length;
  const seal = asText(SEAL);
  const inValues = asText(encoded);
  const notes = total - NAME.length - seal - inValues;
  return {
    label,
    total,
    parts: [
      { name: 'name', bytes: NAME.length },
      { name: 'seal', bytes: seal },
      { name: 'notes', bytes: notes },
      { name: 'values', bytes: inValues },
    ],
  };
}

/** Characters that bytes take in base64url. */
function asText(bytes: number): number {
  return Math.round((bytes * 4) / 3);
}
