/** A file that a comment or a text names is there: a renamed one takes its mentions along. */
import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { at, read } from '../support/repository.ts';

const tracked = execFileSync('git', ['ls-files'], { cwd: at(''), encoding: 'utf8' }).split('\n');
const names = new Set(tracked.map((path) => basename(path)));
names.add('sw.js'); // built
const isOurs = (path: string) => /^(packages|site|test|scripts|examples)\/|^[A-Z]+\.md$/.test(path);
/** The pages of the docs name the files of their readers' programs. */
const isText = (path: string) => /\.(ts|astro|css|mjs|md)$/.test(path) && !path.startsWith('site/src/content/');

it('every file named in backquotes exists', () => {
  const missing = tracked
    .filter((path) => isOurs(path) && isText(path))
    .flatMap((path) =>
      [...read(path).matchAll(/`([\w./-]+\.(?:ts|astro|css|mjs|mdx?|js))`/g)]
        .filter(([, name = '']) => !names.has(basename(name)))
        .map(([, name]) => `${path} names ${name}`),
    );
  expect(tracked.length).toBeGreaterThan(400);
  expect(missing).toEqual([]);
});
