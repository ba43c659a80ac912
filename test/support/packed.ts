/** The folder of a package -> the tarball that would be published of it, and what npm installs beside it. */
import { execFileSync } from 'node:child_process';
import { at, built, read } from './repository.ts';

/** The folders of the packages that are published. */
export const PUBLISHED = ['codec', 'sessions', 'inspect'] as const;
export type Published = (typeof PUBLISHED)[number];

export interface Tarball {
  /** Its package's name. */
  readonly name: string;
  readonly path: string;
  /** What is in it, without the folder `package/`. */
  readonly files: readonly string[];
}

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** @param destination the folder for the tarball. @throws {Error} if the package is not built. */
export function pack(folder: Published, destination: string): Tarball {
  built(`packages/${folder}/dist/index.js`);
  const args = ['pack', '--json', '--pack-destination', destination];
  const shell = process.platform === 'win32';
  const output = execFileSync('pnpm', args, { cwd: at(`packages/${folder}`), encoding: 'utf8', shell });
  const packed: { name: string; filename: string; files: { path: string }[] } = JSON.parse(output);
  return { name: packed.name, path: packed.filename, files: packed.files.map(({ path }) => path) };
}

export function readManifest(folder: Published): Manifest {
  return JSON.parse(read(`packages/${folder}/package.json`));
}

/** What users can import of a package, without its manifest: `sealring`, `sealring/redis`. */
export function importsOf(folder: Published, name: string): string[] {
  const paths = Object.keys(readManifest(folder).exports).filter((path) => path !== './package.json');
  return paths.map((path) => name + path.slice(1));
}

/** This repository's own copies of the packages' dependencies, at the versions that the manifests ask for: name and path. */
export function dependencies(): Map<string, string> {
  const found = PUBLISHED.flatMap((folder) =>
    Object.keys(readManifest(folder).dependencies)
      .filter((name) => !name.startsWith('@sealring/'))
      .map((name): [string, string] => [name, at(`packages/${folder}/node_modules/${name}`)]),
  );
  return new Map(found);
}
