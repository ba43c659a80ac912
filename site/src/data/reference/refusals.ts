/** A token for every code with which one is rejected: of the playground's public keys and fixed random bytes, so that it is the same in every build. */
import { createSealer, type SealErrorCode, type SealerOptions, typeRegistry } from '@sealring/codec';
import { cookiePurpose } from '@sealring/wire';
import type { Shown } from '../../components/demo/playground-link.ts';
import { DEMO_KEYS } from '../../playground/keys/demo-keys.ts';
import { flipCharacter } from '../../playground/token/flip.ts';

/** The start of 2026; seconds since the epoch. */
const issuedAt = 1_767_225_600;
const random = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);

const purpose = 'magic-link';
const good = sealed({ team: 7 });

/** A valid token, opened a minute after it was made. */
export const opens: Shown = { token: good, purpose, now: issuedAt + 60, keyId: 'demo-1' };

/** A session's cookie, presented under its name without the prefix. */
export const renamed: Shown = {
  token: sealed({ userId: 'u7' }, { purpose: cookiePurpose('__Host-login'), reserved: true }),
  name: 'login',
  now: issuedAt + 60,
  keyId: 'demo-1',
};

class Money {
  cents = 1250;
}

/** By code. Only `seal` throws `ERR_SEAL_TOO_LARGE`, so no token has it. */
export const refusals: Readonly<Record<Exclude<SealErrorCode, 'ERR_SEAL_TOO_LARGE'>, Shown>> = {
  ERR_SEAL_MALFORMED: { ...opens, token: good.slice(0, -1) }, // as cut short by a form field
  ERR_SEAL_VERSION: { ...opens, token: `I${good.slice(1)}` }, // first byte 0x21
  ERR_SEAL_KEY_UNKNOWN: { ...opens, token: sealed({ team: 7 }, {}, 'demo-2') },
  ERR_SEAL_TAMPERED: { ...opens, token: flipCharacter(good, 34) }, // in the ciphertext
  ERR_SEAL_EXPIRED: { ...opens, maxAge: 900, now: issuedAt + 1_140 },
  ERR_SEAL_FUTURE: { ...opens, now: issuedAt - 3_600 },
  ERR_SEAL_PAYLOAD: { ...opens, token: sealed({ team: 7 }, { dictionary: ['team'] }) },
  ERR_SEAL_TYPE_UNKNOWN: {
    ...opens,
    token: sealed(new Money(), { types: typeRegistry().register('Money', Money, { fields: ['cents'] }) }),
  },
};

function sealed(value: unknown, options: Partial<SealerOptions> = {}, keyId = 'demo-1'): string {
  return createSealer({ keys: [DEMO_KEYS.get(keyId) ?? ''], purpose, ...options }).seal(value, {
    now: issuedAt,
    random,
  });
}
