/** Options -> a sealer, whose functions check their options and throw a SealError instead of a refusal. */

import { readBytes } from '../bytes.ts';
import { decode, encode } from '../cbor/cbor.ts';
import { Registry, typeRegistry } from '../cbor/kinds/registry.ts';
import { createProfile } from '../cbor/profile.ts';
import { createKeyRing } from '../crypto/keys.ts';
import { Refusal, toError } from '../error.ts';
import { readLimits } from '../limits.ts';
import { checkOptions, checkText, describe, own } from '../options.ts';
import { issuedAtOf, maxTokenLength } from '../token/token.ts';
import type { AuthenticateOptions, OpenOptions, Sealer, SealerOptions, SealOptions } from './interface.ts';
import { open, readContext, readSecretOption, type Setup, seal, takeOut, unwrap } from './path.ts';

const NO_OPTIONS = {};
const RESERVED = 'sealring:';
const OPTIONS: readonly string[] = ['keys', 'purpose', 'types', 'dictionary', 'limits', 'verify', 'reserved'];

/**
 * Creates a sealer for one purpose.
 *
 * @throws {TypeError} if an option is unknown, a key is malformed or repeated, there is no key or no purpose, or the dictionary is wrong.
 * @throws {RangeError} if a key has fewer than 32 bytes or is not random, or a limit is out of bounds.
 *
 * @example
 * import { createSealer, generateKey } from '@sealring/codec';
 * const sealer = createSealer({ keys: [generateKey()], purpose: 'magic-link' });
 * const token = sealer.seal({ team: 7 });
 * const { value } = sealer.open(token, { maxAge: 900 });
 * console.log(value); // { team: 7 }
 */
export function createSealer(options: SealerOptions): Sealer {
  const setup = readOptions(options);
  return Object.freeze({
    seal(value: unknown, options: SealOptions = NO_OPTIONS) {
      try {
        return seal(setup, value, options);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    open(token: string, options: OpenOptions = NO_OPTIONS) {
      try {
        return open(setup, token, options);
      } catch (thrown) {
        throw toError(thrown);
      }
    },
    safeOpen(token: string, options: OpenOptions = NO_OPTIONS) {
      try {
        return { ok: true as const, ...open(setup, token, options) };
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        return { ok: false as const, code: thrown.code, message: thrown.message, offset: thrown.detail.offset };
      }
    },
    encode: (value: unknown) => guarded(() => takeOut(encode(value, setup.profile))),
    decode(payload: Uint8Array) {
      const bytes = readBytes(payload);
      if (bytes === undefined) throw new TypeError(`"payload" expected bytes, got ${describe(payload)}`);
      const copy = bytes.slice(); // that no other thread shares
      try {
        return guarded(() => decode(copy, copy.length, setup.profile));
      } finally {
        copy.fill(0);
      }
    },
    authenticate(token: string, options: AuthenticateOptions = {}) {
      checkOptions('authenticate()', options, ['context', 'secret']);
      const [context, secret] = [readContext(options), readSecretOption(options)];
      return guarded(() => {
        const { frame, key, payload, stale } = unwrap(setup, token, context, secret);
        const bytes = takeOut({ room: payload, length: frame.length });
        return { payload: bytes, issuedAt: issuedAtOf(frame), keyId: key.id, stale };
      });
    },
  });
}

function readOptions(options: SealerOptions): Setup {
  checkOptions('createSealer()', options, OPTIONS);
  const limits = readLimits(own(options, 'limits'));
  const types = own(options, 'types') ?? typeRegistry();
  if (!(types instanceof Registry)) throw new TypeError(`"types" expected a typeRegistry(), got ${describe(types)}`);
  const purpose = checkText('purpose', own(options, 'purpose'));
  if (purpose.startsWith(RESERVED) && own(options, 'reserved') !== true) {
    throw new TypeError(
      `"purpose" expected a purpose that does not begin with "${RESERVED}", which is reserved for sessions`,
    );
  }
  return {
    ring: createKeyRing(own(options, 'keys'), purpose),
    profile: createProfile(limits, types.freeze(), own(options, 'dictionary'), own(options, 'verify') === true),
    maxLength: maxTokenLength(limits.bytes),
  };
}

/** Throws a SealError instead of a refusal. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw toError(thrown);
  }
}
