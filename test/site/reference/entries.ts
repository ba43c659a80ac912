/** The packages' `exports` -> for each way to import: its name, and what the source behind it exports, functions told from the rest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { sourceOf } from '../../../site/build/api-entries.ts';
import { at, read } from '../../support/repository.ts';

interface Exported {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'other';
}

export interface Entry {
  /** As it is imported: `sealring/redis`. */
  readonly name: string;
  /** Where its pages stand: `/api/sessions/redis/`. */
  readonly path: string;
  readonly exports: readonly Exported[];
}

/** In the order in which the site lists them. */
export function readEntries(): Entry[] {
  return ['sessions', 'codec', 'inspect'].flatMap((folder) => {
    const manifest: { name: string; exports: object } = JSON.parse(read(`packages/${folder}/package.json`));
    const paths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
    return paths.map((path) => ({
      name: join(manifest.name, path),
      path: join('/api', folder, path, '/'),
      exports: readExports(sourceOf(folder, path.slice(1))),
    }));
  });
}

function readExports(file: string): Exported[] {
  const { program, module } = parseSync(file, readFileSync(file, 'utf8'));
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, importName, moduleRequest }): Exported[] => {
      const name = exportName.name ?? 'default';
      if (name === 'default') return []; // what else has a name as well
      if (moduleRequest === null) return [{ name, kind: kindOf(program.body, name) }];
      const isCodecs = moduleRequest.value === '@sealring/codec';
      const source = isCodecs ? at('packages/codec/src/index.ts') : join(file, '..', moduleRequest.value);
      const from = readExports(source).find((one) => one.name === importName.name);
      if (from === undefined) throw new Error(`${file}: ${moduleRequest.value} does not export ${importName.name}`);
      return [{ name, kind: from.kind }];
    }),
  );
}

function kindOf(statements: ReturnType<typeof parseSync>['program']['body'], name: string): Exported['kind'] {
  const declared = statements.map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node));
  for (const node of declared) {
    if (node?.type === 'FunctionDeclaration' && node.id?.name === name) return 'function';
    if (node?.type === 'ClassDeclaration' && node.id?.name === name) return 'class';
  }
  return 'other';
}
