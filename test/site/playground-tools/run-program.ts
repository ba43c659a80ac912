/** Programs as the playground writes them, as files inside the repository -> the compiler's complaints, and what each answers to a cookie. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cookieStore, save } from 'sealring';
import type { Framework } from '../../../site/src/playground/code/program.ts';
import { freePort } from '../../support/free-port.ts';
import { at, built } from '../../support/repository.ts';

type Environment = Readonly<Record<string, string>>;

/** @returns its path: inside the repository, so that the packages are found by name. To be removed by the caller. */
export function makeProgramFolder(name: string): string {
  built('packages/sessions/dist/index.js');
  const folder = at(`.tsbuild/${name}`);
  mkdirSync(folder, { recursive: true });
  const options = { noEmit: true, composite: false, incremental: false, emitDeclarationOnly: false, types: ['node'] };
  const compilerOptions = { ...options, isolatedDeclarations: false };
  const include = ['*.ts', '../../test/support/frameworks.d.ts'];
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, include }),
  );
  return folder;
}

/** What TypeScript says of all programs of the folder; empty where nothing is wrong. */
export async function findMistakes(folder: string): Promise<string> {
  const tsc = at('node_modules/typescript/bin/tsc');
  const checked = promisify(execFile)(process.execPath, [tsc, '-p', folder]);
  const { stdout } = await checked.catch((error: { stdout: string }) => error);
  return stdout;
}

/** @param cookie the Cookie header that a browser sends. @returns the body of the answer, without the space at its end. */
export async function ask(
  framework: Framework,
  file: string,
  cookie: string,
  environment: Environment,
): Promise<string> {
  const isHandler = framework === 'fetch' || framework === 'hono';
  return (await (isHandler ? askHandler : askServer)(file, cookie, environment)).trimEnd();
}

/** What the default export of the file answers, printed by a Node of its own. */
async function askHandler(file: string, cookie: string, environment: Environment): Promise<string> {
  const caller = file.replace(/\.ts$/, '.caller.ts');
  writeFileSync(
    caller,
    `import app from ${JSON.stringify(file)};
const request = new Request('https://example.org/', { headers: ${JSON.stringify({ cookie })} });
const response = await app.fetch(request);
console.log(await response.text());`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [caller], { env: { ...process.env, ...environment } });
  return stdout;
}

async function askServer(file: string, cookie: string, environment: Environment): Promise<string> {
  const port = String(await freePort());
  const env = { ...process.env, ...environment, PORT: port };
  const server = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  try {
    const response = await untilAnswered(
      `http://127.0.0.1:${port}/`,
      cookie,
      () => server.exitCode,
      () => complaints,
    );
    return await response.text();
  } finally {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
}

async function untilAnswered(
  address: string,
  cookie: string,
  exitCode: () => number | null,
  complaints: () => string,
): Promise<Response> {
  for (;;) {
    try {
      return await fetch(address, { headers: { cookie } });
    } catch {
      if (exitCode() !== null) throw new Error(`The program ended before it listened:\n${complaints()}`);
      await new Promise((resolve) => setTimeout(resolve, 20)); // until it listens
    }
  }
}

/** What a browser sends once a store has saved these values under this name. */
export async function sessionHeader(
  options: Parameters<typeof cookieStore>[0],
  name: string,
  values: Readonly<Record<string, unknown>>,
): Promise<string> {
  const request = new Request('https://example.org/');
  const session = await cookieStore(options).get(request, name);
  for (const [key, value] of Object.entries(values)) session.set(key, value);
  const response = await save(request, new Response());
  const lines = response.headers.getSetCookie();
  return lines.map((line) => line.split(';')[0]).join('; ');
}
