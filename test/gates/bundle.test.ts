/** What the codec and the inspector add to a page, and what must not stand in it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as sources from '@sealring/codec';
import { build } from 'tsdown';
import { afterAll, describe, expect, it } from 'vitest';
import { at, built } from '../support/repository.ts';
import { readSource } from '../support/source.ts';

// A ceiling is raised in the change that needs it, never before.
const EVERYTHING = 27_000;
const KEY_ONLY = 3_500;
const INSPECT = 17_200; // without the codec; floats of any width and the tags for Temporal took it over 16,600

const dist = built('packages/codec/dist/index.js');
const inspect = built('packages/inspect/dist/index.js');
const folder = mkdtempSync(join(tmpdir(), 'sealring-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('@sealring/codec in a browser bundle', () => {
  it(`is at most ${EVERYTHING} bytes of gzip, all of it`, async () => {
    const text = await bundle('everything', `export * from ${JSON.stringify(dist)}`);
    const size = gzipSync(text, { level: 9 }).length;
    console.log(`@sealring/codec: ${text.length} bytes minified, ${size} bytes gzip`);
    if (process.env['WRITE_RESULTS']) writeFileSync(at('test/bench/results/bundle.json'), `{ "gzip": ${size} }\n`); // for the site
    expect(size).toBeLessThanOrEqual(EVERYTHING);
    expect(size).toBeGreaterThan(8_000); // else it is not all there
  });

  it(`is at most ${KEY_ONLY} bytes of gzip for generateKey alone`, async () => {
    const text = await bundle('key', `export { generateKey } from ${JSON.stringify(dist)}`);
    const size = gzipSync(text, { level: 9 }).length;
    console.log(`generateKey: ${text.length} bytes minified, ${size} bytes gzip`);
    expect(size).toBeLessThanOrEqual(KEY_ONLY);
  });

  it(`is joined by at most ${INSPECT} bytes of gzip for all of @sealring/inspect`, async () => {
    const text = await bundle('inspect', `export * from ${JSON.stringify(inspect)}`, ['@sealring/codec']);
    const size = gzipSync(text, { level: 9 }).length;
    console.log(`@sealring/inspect: ${text.length} bytes minified, ${size} bytes gzip`);
    expect(size).toBeLessThanOrEqual(INSPECT);
    expect(size).toBeGreaterThan(8_000);
  });

  it.each([
    ['new Function', /\bnew Function\b/],
    ['eval', /\beval\s*\(/],
    ['node:', /["'`]node:/],
    ['WebAssembly', /\bWebAssembly\b/],
    ['require', /\brequire\s*\(/],
    ['Buffer.from', /\bBuffer\s*\.\s*from\b/],
    ['process', /\bprocess\s*\.\s*(env|versions|binding)/],
  ])('has no %s', async (_name, pattern) => {
    const text = await bundle('everything', `export * from ${JSON.stringify(dist)}`);
    expect(text.match(pattern)?.[0]).toBeUndefined();
  });
});

describe('dist of @sealring/codec', () => {
  it('seals and opens as the sources do', async () => {
    const users: typeof sources = await import(dist); // what the build has put together from cbor-x, not cbor-x itself
    const options = { keys: [new TextEncoder().encode('not random at all, but long enough')], purpose: 'bundle' };
    const value = {
      a: [1, -0, 1.5, 2n ** 70n, null, undefined],
      b: new Map([[new Date(5), new Set(['é'])]]),
      c: new Float32Array(2),
    };
    const [one, other] = [sources, users].map(({ createSealer }) => createSealer(options));
    const token = one?.seal(value, { now: 1, random: new Uint8Array(16) });
    expect(other?.seal(value, { now: 1, random: new Uint8Array(16) })).toBe(token);
    expect(other?.open(token ?? '').value).toEqual(value);
  });

  it('tells arrays by Array.isArray, because a sandbox may have another global Array', () => {
    const files = readdirSync(dirname(dist)).filter((name) => name.endsWith('.js'));
    const text = files.map((file) => readFileSync(join(dirname(dist), file), 'utf8')).join('');
    expect(text).toContain('else if (Array.isArray(value)) {');
    expect(text).not.toMatch(/constructor === Array\b/);
  });

  it('imports @noble/ciphers and @noble/hashes, and nothing else', () => {
    for (const file of readdirSync(dirname(dist)).filter((name) => /\.(js|d\.ts)$/.test(name))) {
      const { imports } = readSource(file, readFileSync(join(dirname(dist), file), 'utf8'));
      expect(
        imports.filter((path) => !/^(\.\/|@noble\/(ciphers|hashes)\/)/.test(path)),
        file,
      ).toEqual([]);
    }
  });
});

const bundles = new Map<string, Promise<string>>();

/** @param external packages that stay out of it. */
function bundle(name: string, entry: string, external: string[] = []): Promise<string> {
  const made = bundles.get(name) ?? makeBundle(name, entry, external);
  bundles.set(name, made);
  return made;
}

async function makeBundle(name: string, entry: string, external: string[]): Promise<string> {
  const input = join(folder, `${name}.js`);
  const outDir = join(folder, `${name}-out`);
  writeFileSync(input, entry);
  await build({
    config: false,
    entry: [input],
    outDir,
    platform: 'browser',
    target: 'es2022',
    minify: true,
    dts: false,
    sourcemap: false,
    logLevel: 'warn',
    deps: external.length > 0 ? { neverBundle: external } : { alwaysBundle: [/.*/], onlyBundle: false },
  });
  const files = readdirSync(outDir).filter((file) => /\.m?js$/.test(file));
  return files.map((file) => readFileSync(join(outDir, file), 'utf8')).join('\n');
}
