/** What Next 16 calls a proxy. It runs in the edge runtime, which has no SQLite. */
import { proxy } from './proxy';

export const middleware = proxy;

export const config = { matcher: '/((?!_next/|bench/|.*\\.).*)' };
