/** The races on what comes without a server. The same races find both faults in a plain store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import session from 'express-session';
import { Keyv } from 'keyv';
import { createStorage } from 'unstorage';
import { afterAll, describe } from 'vitest';
import { fromExpressStore } from '../../packages/sessions/src/backends/express-session.ts';
import { file } from '../../packages/sessions/src/backends/file.ts';
import { keyv } from '../../packages/sessions/src/backends/keyv.ts';
import { memory } from '../../packages/sessions/src/backends/memory.ts';
import { unstorage } from '../../packages/sessions/src/backends/unstorage.ts';
import { LastWriterWins } from './support/last-writer-wins.ts';
import { declareRaces, ours, type Raced } from './support/races.ts';

const directory = mkdtempSync(join(tmpdir(), 'sealring-race-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe.each([
  ours('memory()', memory()),
  ours('file()', file(directory)),
  // Safe in one process, as here: for several they say themselves that they are not.
  ours('unstorage()', unstorage(createStorage())),
  ours('keyv()', keyv(new Keyv())),
  ours('fromExpressStore()', fromExpressStore(new session.MemoryStore())),
  plain(),
])('%s', declareRaces);

function plain(): Raced {
  const store = new LastWriterWins();
  return {
    isSafe: false,
    create: async () => store.create(),
    get: async (request) => store.get(request),
    save: async (request) => store.save(request),
    look: async (cookie) => store.look(cookie),
    conflicts: () => 0,
    toString: () => 'a plain store, where the last writer wins,',
  };
}
