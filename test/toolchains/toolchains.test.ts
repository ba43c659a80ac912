/** The built packages in the tools that others build with: what the page “Toolchains” says, each statement in the tool itself. */
import { beforeAll, describe, expect, it } from 'vitest';
import { at } from '../support/repository.ts';
import { createApp, installTools, pathOf, type Result, run, runTool, write } from './app.ts';

const missing = await installTools();
if (missing !== undefined && process.env['CI']) throw new Error(missing);
if (missing !== undefined) console.warn(missing);

process.env['GOLDEN_TOKENS'] = at('test/codec/vectors/tokens.json'); // for the tests in the tools

const MODULES = '--experimental-vm-modules';
const TYPESCRIPT = {
  '5.9': 'typescript/bin/tsc',
  '6.0': at('site/node_modules/typescript/bin/tsc'),
  '7.0': at('node_modules/typescript/bin/tsc'),
};

/** npm has its program for a few machines, of which one is tested. */
const hermes = process.platform === 'linux' && process.arch === 'x64' ? 'linux64-bin/hermes' : undefined;

describe.skipIf(missing !== undefined)('the packages work with', () => {
  beforeAll(() => {
    const imports = createApp();
    const every = importing(imports);
    write('typescript/every.ts', every);
    write('typescript/runs.ts', importing(imports.filter((name) => name !== 'sealring/nest'))); // it needs Nest, which is not here
    write('eslint/every.js', `${every}import { nothing } from 'sealring';\nimport 'sealring/nothing';\nnothing();\n`);
  }, 120_000);

  describe('TypeScript', () => {
    it('5.9, "moduleResolution": "node", for CommonJS: every import has its types, and what is made of it runs', () => {
      const options = { module: 'commonjs', moduleResolution: 'node', noEmit: false, outDir: 'out' };
      expect(compile('5.9', ['every.ts', 'runs.ts', 'uses.ts'], options).output).toBe('');
      expect(run('typescript/out', process.execPath, ['uses.js']).output).toBe('true\n');
      expect(run('typescript/out', process.execPath, ['runs.js']).output).toMatch(/^\d+\n$/);
    });

    it.each([
      ['5.9', { module: 'nodenext' }],
      ['6.0', { module: 'esnext', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
      ['7.0', { module: 'nodenext' }],
      ['7.0', { module: 'esnext', moduleResolution: 'bundler' }],
    ] as const)('%s, %j: every import has its types', (version, options) => {
      expect(compile(version, ['every.ts', 'uses.ts'], options).output).toBe('');
    });

    it('"module": "node16" refuses them in CommonJS, with TS1479', () => {
      const { output } = compile('5.9', ['uses.ts'], { module: 'node16', skipLibCheck: true });
      expect(new Set(output.match(/TS\d+/g))).toEqual(new Set(['TS1479']));
    });

    it('bytes that are returned fit where a BufferSource is wanted', () => {
      expect(compile('5.9', ['bytes.ts'], { module: 'nodenext', skipLibCheck: true }).output).toBe('');
    });
  });

  it('eslint-plugin-import and import-x: every import is found, and only what is not there is not', () => {
    const { stdout, output } = runTool('eslint', 'eslint/bin/eslint.js', ['--format', 'json', 'every.js']);
    expect(output).toContain('[');
    const [file]: { messages: { ruleId: string; message: string }[] }[] = JSON.parse(stdout);
    expect(file?.messages.map(({ ruleId, message }) => [ruleId, /nothing/.test(message)]).sort()).toEqual([
      ['import-x/named', true],
      ['import-x/no-unresolved', true],
      ['import/named', true],
      ['import/no-unresolved', true],
    ]);
  });

  describe('a bundler:', () => {
    it('webpack with ts-loader', async () => {
      expect(run('bundlers', process.execPath, ['webpack.js']).output).toBe('');
      expect(await visit('bundlers/webpack/worker.js')).toBe('Visit number 1');
    });

    it('esbuild, as Wrangler runs it', async () => {
      const conditions = ['--conditions=workerd,worker,browser', '--main-fields=browser,module,main'];
      const format = ['--format=esm', '--platform=browser', '--target=es2024', '--outfile=esbuild/worker.js'];
      const args = ['worker.ts', '--bundle', '--log-level=warning', ...format, ...conditions];
      const made = runTool('bundlers', 'esbuild/bin/esbuild', args);
      expect(made).toMatchObject({ code: 0, output: '' });
      expect(await visit('bundlers/esbuild/worker.js')).toBe('Visit number 1');
    });

    it.skipIf(hermes === undefined)('Metro, for Hermes, which runs it', () => {
      const options = ['--platform', 'android', '--config', 'metro.config.js', '--dev', 'false', '--minify', 'false'];
      const made = runTool('metro', 'metro/src/cli.js', ['build', 'metro/app.js', '--out', './bundle', ...options]);
      expect(made.code, made.output).toBe(0);
      expect(run('metro', pathOf(`../node_modules/hermes-engine-cli/${hermes}`), ['-w', 'bundle.js']).output).toBe(
        '5 true 1.5 1,2 https://example.org/ 7\nERR_SEAL_TAMPERED waiting\n',
      );
    });
  });

  describe('Jest:', () => {
    it.each([
      ['tests are ES modules', 'jest-modules', 'jest.config.js', [MODULES]],
      ['tests are CommonJS, Babel', 'jest-babel', 'jest.config.js', [MODULES]],
      ['tests are CommonJS, ts-jest', 'jest-ts', 'jest.config.js', [MODULES]],
      ['compiled by Babel', 'jest-babel', 'compiling.config.js', []],
      ['compiled by ts-jest', 'jest-ts', 'compiling.config.js', []],
    ])('%s', (_, folder, config, flags) => {
      expectPassed(runJest(folder, config, flags), 11);
    });

    it.each([
      ['tests are ES modules', 'jest-modules', 'jest.config.js', [MODULES]],
      ['compiled', 'jest-babel', 'compiling.config.js', []],
    ])('jsdom, %s', (_, folder, config, flags) => {
      const environment = pathOf('jest-babel/jsdom-environment.js');
      expectPassed(runJest(folder, config, flags, [`--env=${environment}`]), 11);
    });

    it('without either, it says what to do', () => {
      const { code, output } = runJest('jest-babel', 'jest.config.js', []);
      expect(code).toBe(1);
      expect(output).toContain('Must use import to load ES Module');
    });
  });

  describe('Vitest:', () => {
    it.each([
      ['node', ['seal', 'session']],
      ['jsdom', ['seal', 'session']],
      ['happy-dom', ['seal', 'happy-dom']],
    ])('%s', (environment, files) => {
      const names = files.map((name) => `${name}.spec.js`);
      const result = runTool('vitest', 'vitest/vitest.mjs', [
        'run',
        `--environment=${environment}`,
        '--no-cache',
        ...names,
      ]);
      expect(result.code, result.output).toBe(0);
      expect(result.output).toMatch(/Test Files\s+2 passed \(2\)/);
    });
  });
});

function compile(version: keyof typeof TYPESCRIPT, files: readonly string[], options: object): Result {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: ['node'],
    strict: true,
    skipLibCheck: false, // the packages' own declarations too have to compile
    noEmit: true,
    ...options,
  };
  write('typescript/tsconfig.json', JSON.stringify({ compilerOptions, files }));
  return runTool('typescript', TYPESCRIPT[version], ['-p', '.']);
}

function runJest(folder: string, config: string, flags: readonly string[], args: readonly string[] = []): Result {
  return runTool(folder, 'jest/bin/jest.js', [`--config=${config}`, '--no-cache', '--runInBand', ...args], flags);
}

function expectPassed({ code, output }: Result, tests: number): void {
  expect(code, output).toBe(0);
  expect(output).toContain(`${tests} passed, ${tests} total`);
}

/** What the bundled Worker answers. */
async function visit(path: string): Promise<string> {
  const { default: worker }: { default: { fetch(request: Request): Promise<Response> } } = await import(pathOf(path));
  return await (await worker.fetch(new Request('https://example.org/'))).text();
}

/** A program that imports all of these. */
function importing(names: readonly string[]): string {
  const lines = names.map((name, index) => `import * as module${index} from '${name}';`);
  return [...lines, `console.log([${names.map((_, index) => `module${index}`)}].length);`, ''].join('\n');
}
