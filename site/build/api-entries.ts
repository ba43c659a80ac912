/** The packages' `exports` -> what the API pages are made of: a source file each, the name it is imported by, and the folder of its pages. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface ApiEntry {
  /** As it is imported: `sealring/redis`. */
  readonly name: string;
  /** The path of its source file. */
  readonly file: string;
  /** Where its pages stand, below `/api/`. */
  readonly folder: string;
  /** What it is, in a sentence. */
  readonly description: string;
  /** Whether all of it stands on one page, as it is small: a package's main entry has a page for each export instead. */
  readonly isOnePage: boolean;
}

/** The folders that have a file for each subpath. */
const FOLDERS = ['backends', 'adapters', 'testing'];

/** In the order of the sidebar. */
const PACKAGES = ['sessions', 'codec', 'inspect'];

export const apiEntries: readonly ApiEntry[] = PACKAGES.flatMap(readEntries);

function readEntries(folder: string): ApiEntry[] {
  const manifest = readManifest(folder);
  const paths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
  return paths.map((path) => {
    const subpath = path.slice(1); // '' or '/redis'
    const file = sourceOf(folder, subpath);
    return {
      name: manifest.name + subpath,
      file,
      folder: folder + subpath,
      description: subpath === '' ? manifest.description : openingOf(file),
      isOnePage: subpath !== '',
    };
  });
}

/** The path of the source file behind `sealring/redis`: folder `sessions`, subpath `/redis`. */
export function sourceOf(folder: string, subpath: string): string {
  const source = (path: string) => fileURLToPath(new URL(`../../packages/${folder}/src/${path}.ts`, import.meta.url));
  const files = subpath === '' ? [source('index')] : FOLDERS.map((each) => source(each + subpath));
  const file = files.find((each) => existsSync(each));
  if (file === undefined) throw new Error(`${folder}: no source file of the subpath "${subpath}"`);
  return file;
}

interface Manifest {
  name: string;
  description: string;
  exports: Record<string, string>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(new URL(`../../packages/${folder}/package.json`, import.meta.url), 'utf8'));
}

/** The sentence that every source file opens with. */
function openingOf(file: string): string {
  const [, opening] = /^\/\*\* (.+) \*\/\n/.exec(readFileSync(file, 'utf8')) ?? [];
  if (opening === undefined) throw new Error(`${file} does not open with a sentence about it`);
  return opening;
}
