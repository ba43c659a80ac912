/** The codec's vectors through the built page, whose script is put together in another way than the packages are. */
import { createSealer } from '@sealring/codec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatValue } from '../../../site/src/playground/notation/format-value.ts';
import { fromNotation } from '../../codec/support.ts';
import hostile from '../../codec/vectors/hostile-cbor.json' with { type: 'json' };
import golden from '../../codec/vectors/tokens.json' with { type: 'json' };
import { forge, fromHex } from '../../inspect/support.ts';
import type { Site } from '../support/site.ts';
import { openPlayground } from './open-page.ts';
import { KEY } from './opening.ts';

const CLOCK = '2026-01-01T00:00:00'; // when all of them were issued
const goldenKey = Uint8Array.from({ length: 32 }, (_, at) => (32 + 7 * at) % 256);
const readers = {
  sealed: createSealer({ keys: [goldenKey], purpose: 'test' }),
  signed: createSealer({ keys: [{ secret: goldenKey, encrypt: false }], purpose: 'test' }),
};

/** The playground reads them, as its own limits are wider, and says that others do not. */
const OF_LIMITS = ['depth', 'items', 'bignum'];
/** Beyond its own limit of 512 too. */
const TOO_DEEP = 'arrays nested 1000 deep';
/** A token holds one byte at least. */
const rows = hostile.vectors.filter(({ hex }) => hex !== '');

export function vectorTests(site: Site): void {
  let opened: ReturnType<typeof openPlayground>; // one page for all rows: each replaces the token of the last one
  beforeAll(async () => {
    opened = openPlayground(site);
    const { view } = await opened;
    await view.fill({ cookie: 'x', clock: CLOCK });
    await view.root.locator('#payload-tab-json').dispatchEvent('click'); // hidden as yet: nothing has opened
  });
  afterAll(async () => (await opened).page.context().close());

  describe('golden tokens', () => {
    beforeAll(async () => {
      const { view } = await opened;
      await view.root.getByLabel('Encoding of key 1').selectOption('hex');
      await view.fill({ key: Buffer.from(goldenKey).toString('hex'), name: '', purpose: 'test', classes: '' });
    });

    it.each(golden.tokens)('opens $mode, $name', async ({ mode, value, context, token }) => {
      const { view } = await opened;
      await view.fill({ cookie: token, context });
      const reader = mode === 'sealed' ? readers.sealed : readers.signed;
      expect(await view.look()).toEqual({
        verdict: 'It opens.',
        failed: 'none',
        payload: 'good',
        hex: Buffer.from(reader.authenticate(token, { context }).payload).toString('hex'),
        json: formatValue(fromNotation(value)),
      });
    });
  });

  describe('payloads that no sealer writes', () => {
    beforeAll(async () => {
      const { view } = await opened;
      await view.root.getByLabel('Encoding of key 1').selectOption('sealring');
      await view.fill({ key: KEY, name: 'login', purpose: '', context: '', classes: 'User: id, role' });
    });

    it.each(rows)('$what ($hex)', async ({ what, hex, code = '', expected }) => {
      const { view } = await opened;
      await view.fill({ cookie: forge(fromHex(hex), 'sealed') });
      const isOfLimits = OF_LIMITS.includes(code) && what !== TOO_DEEP;
      const isRefused = expected === 'refuse' && !isOfLimits;
      const looked = await view.look();
      expect(looked).toMatchObject({
        failed: isRefused ? `payload ${code === 'class' ? 'ERR_SEAL_TYPE_UNKNOWN' : 'ERR_SEAL_PAYLOAD'}` : 'none',
        payload: isRefused ? 'refused' : 'good',
      });
      expect(looked.hex).toBe(hex.slice(0, looked.hex.length));
      expect(looked.hex).not.toBe('');
      if (!isRefused) expect(looked.verdict).toBe('It opens.');
      const said = await view.details.textContent();
      if (isOfLimits) expect(said).toContain('A reader with the default limits rejects it');
      else expect(said).not.toContain('default limits');
    });
  });

  it('a page after all of them has no complaint', async () => {
    expect((await opened).complaints).toEqual([]);
  });
}
