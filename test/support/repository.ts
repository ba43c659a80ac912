/** Where things stand in this repository, for the gates. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** The absolute path of a file of the repository; `''` is its root. */
export function at(path: string): string {
  return fileURLToPath(new URL(path, root));
}

export function read(path: string): string {
  return readFileSync(at(path), 'utf8');
}

/** The built file that a package's users get. */
export function built(path: string): string {
  if (!existsSync(at(path))) throw new Error(`${path} is missing: run \`pnpm run build\` first`);
  return at(path);
}
