/** The worked examples of FORMAT.md §9, as the stores make them with fixed keys, time and random bytes. */
import { createSealer } from '@sealring/codec';
import { cookieStore, defineSession, type Store, serverStore } from 'sealring';
import { createVersion } from '../../packages/sessions/src/ambient.ts';
import { toHex } from '../codec/support.ts';
import { now } from './values.ts';
import { OpenBackend, type Request, visit } from './visit.ts';

/** The key of FORMAT.md §8. */
const key = Uint8Array.from({ length: 32 }, (_, at) => at);

/** First byte of what is drawn, by its length: an id of a flash, a session's id, what a token has, a secret with the id of a family. */
const FIRST: Readonly<Record<number, number>> = { 4: 0x00, 12: 0x80, 44: 0xa0 };
const FOR_TOKENS = 1024; // 16 for each of 64 tokens

/** Fills arrays with bytes that count upwards from `FIRST`, and the next time from 16 more. The nonces of all tokens are the same. */
function fixedRandom(): (bytes: Uint8Array) => void {
  const drawn = new Map<number, number>();
  return (bytes) => {
    const { length } = bytes;
    if (length === FOR_TOKENS) {
      bytes.forEach((_, at) => void (bytes[at] = 0x40 + (at % 16)));
      return;
    }
    const first = FIRST[length];
    if (first === undefined) throw new Error(`nobody knows what ${length} random bytes are for`);
    const times = drawn.get(length) ?? 0;
    drawn.set(length, times + 1);
    for (let at = 0; at < length; at++) bytes[at] = first + at + 16 * times;
  };
}

/** @param random replaces the platform's random bytes with the given function. */
export async function sessionVectors(
  random: (fill: (bytes: Uint8Array) => void) => void,
): Promise<Map<string, string>> {
  createVersion(); // draws the name of the process, which is in no vector
  random(fixedRandom());
  const rows = new Map<string, string>();
  const payloadOf = (cookie: string, context = '') => {
    const token = cookie.slice(cookie.indexOf('=') + 1);
    return toHex(
      createSealer({ keys: [key], purpose: 'sealring:cookie:__Host-login', reserved: true }).authenticate(token, {
        context,
      }).payload,
    );
  };
  const getFrom = (store: Store) => (request: Request) => store.get(request, 'login');
  const shared = { keys: [key], now: () => now };

  const first = await visit(getFrom(cookieStore(shared)), '', (session) => {
    session.set('userId', 42);
    session.addFlash('Saved');
  });
  rows.set('first record', payloadOf(first));
  rows.set('first cookie', first);

  random(fixedRandom());
  const ended = new OpenBackend();
  const revocable = cookieStore({ ...shared, revocations: ended });
  const login = defineSession<Record<string, unknown>>({ store: revocable, name: 'login', context: () => 'a.example' });
  await revocable.revokeAll('ada');
  const [numberId, number] = ended.starting('N');
  const before = await visit(login.get, '', (session) => session.set('userId', 42));
  const moved = await visit(login.get, before, async (session) => {
    await session.login('ada');
    session.options.maxAge = undefined;
    session.addFlash('Welcome');
  });
  rows.set('second record', payloadOf(moved, 'tenant:a.example'));
  rows.set('second cookie', moved);
  const [endedId, pointer] = ended.starting('M');
  rows.set('id of the entry', endedId);
  rows.set('entry', pointer);

  random(fixedRandom());
  const backend = new OpenBackend();
  const third = await visit(getFrom(serverStore({ ...shared, backend })), '', (session) => session.set('userId', 42));
  const [recordId, record] = backend.starting('L');
  rows.set('third cookie', third);
  rows.set('content', payloadOf(third));
  rows.set('id of the record', recordId);
  rows.set('head', record.slice(0, record.lastIndexOf('.') + 1));
  rows.set('bytes of the record', record);

  const subject = createSealer({
    keys: [{ secret: key, encrypt: false }],
    purpose: 'sealring:subject',
    reserved: true,
  }).seal('ada', { now: 0 });
  rows.set('token of the subject', subject);
  await visit(getFrom(serverStore({ ...shared, backend })), '', (session) => session.login('ada'));
  rows.set('index name', backend.subject ?? 'the record of a subject was not listed');
  rows.set('id of the number', numberId);
  rows.set('number', number);
  return rows;
}
