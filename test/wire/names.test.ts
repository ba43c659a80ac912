/** What a session cookie is bound to, and what it is for: each read back as what it was made of, and from nothing else. */
import { bindingOf, cookiePurpose, readBinding, readCookiePurpose, recordPurpose } from '@sealring/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const seed = 20_261_130;

describe('bindingOf() and readBinding()', () => {
  it.each<[number, string | undefined, string | undefined]>([
    [1, undefined, undefined],
    [3, undefined, 'chunks:3'],
    [1, 'a.example', 'tenant:a.example'],
    [16, 'a.example:8443', 'chunks:16;tenant:a.example:8443'],
    [1, '', 'tenant:'],
    [2, 'chunks:3', 'chunks:2;tenant:chunks:3'],
  ])('%i cookies of the tenant %j: %j', (chunks, tenant, binding) => {
    expect(bindingOf(chunks, tenant)).toBe(binding);
    if (binding !== undefined) expect(readBinding(binding)).toEqual({ chunks, tenant });
  });

  it('are inverse for any tenant, so that no two bindings are the same', () => {
    const tenants = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', ';tenant:', 'chunks:2;')), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), tenants, (chunks, tenant) => {
        const binding = bindingOf(chunks, tenant);
        expect(binding === undefined ? { chunks: 1, tenant: undefined } : readBinding(binding)).toEqual({
          chunks,
          tenant,
        });
      }),
      { seed },
    );
  });

  it.each([
    '',
    'user:42',
    'chunks:1',
    'chunks:03',
    'chunks:3;',
    'chunks:',
    'Tenant:a',
    'chunks:3tenant:a',
    ' chunks:3',
  ])('does not read %j', (context) => {
    expect(readBinding(context)).toBeUndefined();
  });
});

describe('cookiePurpose() and readCookiePurpose()', () => {
  it('are inverse', () => {
    expect(cookiePurpose('__Host-login')).toBe('sealring:cookie:__Host-login');
    expect(readCookiePurpose('sealring:cookie:__Host-login')).toBe('__Host-login');
  });

  it.each(['magic-link', 'cookie:a', 'Sealring:cookie:a', recordPurpose('login')])('%j is no cookie’s', (purpose) => {
    expect(readCookiePurpose(purpose)).toBeUndefined();
  });
});
