/** The page “Toolchains” against what is tested: the versions it names, and the files it shows. */
import { expect, it } from 'vitest';
import { readBlocks } from '../site/samples/blocks.ts';
import { read } from '../support/repository.ts';

const page = read('site/src/content/docs/how-to/toolchains.md');
const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(read('test/toolchains/package.json'));

it.each([
  [/^\| \[TypeScript\].*?\| (\S+), /m, 'typescript'],
  [/^\| ESLint.*?\| (\S+), /m, 'eslint-plugin-import'],
  [/^\| ESLint.*?\| \S+, (\S+) /m, 'eslint-plugin-import-x'],
  [/^\| webpack.*?\| (\S+) /m, 'webpack'],
  [/^\| esbuild.*?\| (\S+) /m, 'esbuild'],
  [/^\| Vitest.*?\| (\S+) /m, 'vitest'],
  [/^\| \[Vitest in happy-dom\].*?\| (\S+) /m, 'happy-dom'],
  [/^\| \[Jest\].*?\| (\S+) /m, 'jest'],
  [/^\| \[Jest in jsdom\].*?\| (\S+) /m, 'jest-environment-jsdom'],
  [/^\| \[React Native\].*?\| Metro ([\d.]+), /m, 'metro'],
  [/^\| \[React Native\].*?, Hermes ([\d.]+) /m, 'hermes-engine-cli'],
  [/the Babel preset of React Native ([\d.]+), /, '@react-native/babel-preset'],
])('%s is the version of %s', (pattern, name) => {
  expect(pattern.exec(page)?.[1]).toBe(dependencies[name]?.split('.').slice(0, 2).join('.'));
});

it.each([
  ['jest.config.js', 'compiling.config.js'],
  ['jsdom-environment.js', 'jsdom-environment.js'],
])('it shows the %s that is tested', (title, file) => {
  const shown = readBlocks(page).find(({ info }) => info.includes(`title="${title}"`));
  expect(`${shown?.code.join('\n')}\n`).toBe(read(`test/toolchains/fixtures/jest-babel/${file}`));
});
