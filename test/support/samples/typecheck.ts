/** A folder of programs -> the compiler's complaints, by file. One run of TypeScript, strict, for all of them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { at } from '../repository.ts';

export interface Complaint {
  /** Relative to the folder. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export function typecheck(folder: string): Complaint[] {
  const config = {
    extends: relative(folder, at('tsconfig.base.json')),
    include: [
      '**/*.ts',
      relative(folder, at('test/support/frameworks.d.ts')),
      relative(folder, at('test/support/samples/frameworks.d.ts')),
    ],
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false, // an application's code declares for nobody else
      noPropertyAccessFromIndexSignature: false, // process.env.NAME, as everybody writes it
      moduleDetection: 'force',
      allowImportingTsExtensions: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [at('node_modules/@types')],
    },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const arguments_ = ['-p', folder, '--pretty', 'false'];
  const { status, stdout, stderr, error } = spawnSync(at('node_modules/.bin/tsc'), arguments_, {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error) throw error;
  const found = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): error (.*(?:\n .*)*)/gm)];
  if (status !== 0 && found.length === 0) throw new Error(`tsc: ${stdout}${stderr}`);
  return found.map(([, file = '', line = '', text = '']) => ({ file, line: Number(line), text }));
}
