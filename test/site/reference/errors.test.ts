/** The page of errors: every code and every reason of the sources, no other, and for each a token that is refused with it. */
import { createSealer, SealError } from '@sealring/codec';
import { explain } from '@sealring/inspect';
import { describe, expect, it } from 'vitest';
import type { Shown } from '../../../site/src/components/demo/playground-link.ts';
import { opens, refusals, renamed } from '../../../site/src/data/reference/refusals.ts';
import { DEMO_KEYS } from '../../../site/src/playground/keys/demo-keys.ts';
import { read } from '../../support/repository.ts';
import { membersOf } from './declarations.ts';
import { readSections } from './page.ts';

const headings = readSections('errors.mdx').map(({ heading }) => heading);
const sealCodes = membersOf('packages/codec/src/error.ts', 'SealErrorCode');
const shown = Object.entries(refusals);

describe('the page of errors', () => {
  it.each([
    ['SealErrorCode', /^ERR_SEAL_/, sealCodes],
    ['SessionErrorCode', /^ERR_SESSION_/, membersOf('packages/sessions/src/error.ts', 'SessionErrorCode')],
    ['Rejection', /^[a-z-]+$/, membersOf('packages/sessions/src/session/session.ts', 'Rejection')],
  ])('has a heading for each %s, and for no other', (_, form, members) => {
    expect(headings.filter((heading) => form.test(heading)).sort()).toEqual([...members].sort());
  });

  it('shows a token for every code that comes of opening one', () => {
    const text = read('site/src/content/docs/reference/errors.mdx');
    const explained = [...text.matchAll(/<ErrorExplainer code="(\w+)" \/>/g)].map(([, code]) => code);
    expect(explained).toEqual(sealCodes.filter((code) => code !== 'ERR_SEAL_TOO_LARGE'));
    expect(shown.map(([code]) => code).sort()).toEqual([...explained].sort());
  });
});

describe('the tokens on the page', () => {
  it.each(shown)('%s is what open() throws', (code, refusal) => expect(codeOf(refusal)).toBe(code));

  it.each(shown)('%s is what explain() finds', (code, refusal) => expect(explained(refusal)).toBe(code));

  it('opens where the page says so', () => {
    expect(codeOf(opens)).toBeUndefined();
    expect(explained(opens)).toBeUndefined();
  });

  it('is tampered with under another name', () => {
    expect(codeOf(renamed)).toBe('ERR_SEAL_TAMPERED');
    expect(codeOf({ ...renamed, name: '__Host-login' })).toBeUndefined();
  });
});

/** The code with which the codec refuses it; undefined where it opens. */
function codeOf({ token, name, purpose = `sealring:cookie:${name}`, now, maxAge, keyId }: Shown): string | undefined {
  const sealer = createSealer({ keys: [DEMO_KEYS.get(keyId) ?? ''], purpose, reserved: true });
  try {
    sealer.open(token, { now, ...(maxAge !== undefined && { maxAge }) });
    return undefined;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return error.code;
  }
}

function explained({ token, name, purpose, now, maxAge, keyId }: Shown): string | undefined {
  const { checks } = explain(token, {
    secrets: [DEMO_KEYS.get(keyId) ?? ''],
    now,
    ...(name !== undefined && { name }),
    ...(purpose !== undefined && { purpose }),
    ...(maxAge !== undefined && { maxAge }),
  });
  return checks.find(({ state }) => state === 'failed')?.code;
}
