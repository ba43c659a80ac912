import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { narrowEngine } from './packages/codec/narrow-engine.ts';
import adapters from './packages/sessions/adapters.json' with { type: 'json' };
import { engines } from './test/support/browsers.ts';
import { LongestFirst } from './test/support/longest-first.ts';
import { PlainReporter } from './test/support/plain-reporter.ts';

const portable = ['test/codec/**/*.test.ts', 'test/inspect/**/*.test.ts']; // these run in Node and in every engine
const start = 'test/gates/start.test.ts'; // it builds the packages, so it has its turn when the tests that read dist are done

// What the portable tests import, for the browsers' bundler to find before they start.
const libraries = ['fast-check', 'cbor2', 'cborg', '@noble/ciphers/chacha.js'];

const adapter = new RegExp(`^sealring/(${adapters.map(({ name }) => name).join('|')})$`);

const source = (folder: string, file: string) =>
  fileURLToPath(new URL(`packages/${folder}/src/${file}.ts`, import.meta.url));

export default defineConfig({
  plugins: [narrowEngine],
  // Tests import the packages by name and get the sources. A project sees this alias only with extends: true.
  resolve: {
    alias: [
      { find: '@sealring/codec', replacement: source('codec', 'index') },
      { find: '@sealring/inspect', replacement: source('inspect', 'index') },
      { find: /^sealring$/, replacement: source('sessions', 'index') },
      { find: /^sealring\/testing$/, replacement: source('sessions', 'testing/testing') },
      { find: adapter, replacement: source('sessions', 'adapters/$1') },
      {
        find: 'next/headers',
        replacement: fileURLToPath(new URL('test/sessions/support/next-headers.ts', import.meta.url)),
      },
      { find: /^sealring\/([\w-]+)$/, replacement: source('sessions', 'backends/$1') },
    ],
  },
  test: {
    server: { deps: { inline: ['cbor-x'] } }, // for the plugin to see it
    maxWorkers: Math.max(2, availableParallelism() - 1), // most tests wait: for browsers, servers, the end of a process
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000, // a shared machine may be ten times slower at times
    hookTimeout: 60_000,
    expect: { poll: { timeout: 55_000 } }, // and a state that does not come is named before the test's own limit
    reporters: ['default', new PlainReporter()],
    coverage: { provider: 'v8', include: ['packages/*/src/**'], reporter: ['text', 'json-summary', 'lcov'] },
    projects: [
      // Groups run one after the other. Without a number of its own a project's turn depends on how many cores there are.
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', start],
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'start', include: [start], sequence: { groupOrder: 2 } } },
      // One project per engine: the instances of one project share a provider.
      ...engines().map(({ name, provider, headless }) => ({
        extends: true as const,
        optimizeDeps: { include: libraries },
        test: {
          name,
          include: portable,
          sequence: { groupOrder: 3 }, // a browser that has nothing to do yet takes its share of the machine all the same
          browser: {
            enabled: true,
            headless,
            provider,
            screenshotFailures: false,
            ui: false,
            instances: [{ browser: name, name }],
          },
        },
      })),
    ],
  },
});
