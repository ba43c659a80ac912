/** The options of `explain` -> the same, checked and with defaults. */

import { createSealer, generateKey, type KeyInput, keyIdOf, type TypeRegistry } from '@sealring/codec';
import { secondsNow } from './ambient.ts';
import type { ExplainOptions } from './explanation.ts';

/** One of the caller's secrets. */
export interface KnownKey {
  readonly secret: string | Uint8Array;
  readonly keyId: string;
  /** The option `encrypt` of the key. `undefined` for a secret without options, which means sealed. */
  readonly encrypt: boolean | undefined;
}

export interface Settings {
  readonly keys: readonly KnownKey[];
  readonly name: string | undefined;
  readonly purpose: string | undefined;
  readonly context: string | Uint8Array | undefined;
  readonly tenant: string | undefined;
  readonly now: number;
  readonly maxAge: number | undefined;
  readonly types: TypeRegistry | undefined;
  readonly dictionary: readonly string[] | undefined;
  readonly cookie: number | undefined;
}

const KNOWN = ['secrets', 'name', 'purpose', 'context', 'tenant', 'now', 'maxAge', 'types', 'dictionary', 'cookie'];

/**
 * @throws {TypeError} if an option does not exist or has the wrong type.
 * @throws {RangeError} if a number is out of bounds, or a secret is too short or not random.
 */
export function readOptions(options: ExplainOptions): Settings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`explain() expected an object with options, got ${describe(options)}`);
  for (const name in options) {
    if (!KNOWN.includes(name)) throw new TypeError(`explain() has no option "${name}"; it takes ${KNOWN.join(', ')}`);
  }
  const { secrets = [], context, types, dictionary } = options;
  if (!Array.isArray(secrets)) throw new TypeError(`"secrets" expected an array of keys, got ${describe(secrets)}`);
  if (!(context instanceof Uint8Array)) readText('context', context);
  const reading = { ...(types && { types }), ...(dictionary && { dictionary }) };
  createSealer({ keys: [generateKey()], purpose: 'check', ...reading }); // throws now if these are wrong, whatever the input is
  return {
    keys: secrets.map(readKey),
    name: readText('name', options.name) || undefined,
    purpose: readText('purpose', options.purpose) || undefined,
    context: context === '' ? undefined : context,
    tenant: readText('tenant', options.tenant),
    now: readSeconds('now', options.now) ?? secondsNow(),
    maxAge: readSeconds('maxAge', options.maxAge),
    types,
    dictionary,
    cookie: readIndex('cookie', options.cookie),
  };
}

function readKey(input: KeyInput, at: number): KnownKey {
  const [secret, encrypt] =
    typeof input === 'string' || input instanceof Uint8Array
      ? [input, undefined]
      : [input?.secret, input?.encrypt ?? true];
  try {
    return { secret, keyId: keyIdOf(secret), encrypt };
  } catch (thrown) {
    const message = (thrown instanceof Error ? thrown.message : '').replace('"secret"', `"secrets[${at}]"`);
    throw thrown instanceof RangeError ? new RangeError(message) : new TypeError(message);
  }
}

function readText(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value.isWellFormed())) return value;
  throw new TypeError(`"${name}" expected a string without lone surrogates, got ${describe(value)}`);
}

function readSeconds(name: string, value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0 && Number.isFinite(value))) return value;
  throw new RangeError(`"${name}" expected a number of 0 or more, got ${describe(value)}`);
}

function readIndex(name: string, value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0)) return value;
  throw new RangeError(`"${name}" expected an integer of 0 or more, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null || typeof value === 'number') return String(value);
  return typeof value === 'string' ? `a string of ${value.length} characters` : `a value of type ${typeof value}`;
}
