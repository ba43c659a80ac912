/** Programs that readers copy -> what is wrong with them: what does not compile, does not run or end, or prints another text than its comments say. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { missing, startPostgres, startRedis, type TestServer } from '../../sessions/support/servers.ts';
import { at, built } from '../repository.ts';
import { matches, readExpectations } from './expectations.ts';
import { run } from './run.ts';
import { type Complaint, typecheck } from './typecheck.ts';

export interface Program {
  /** Its file's name within the page's folder. */
  readonly file: string;
  readonly code: readonly string[];
  /** The line of the page that each line of `code` comes from. */
  readonly lines: readonly number[];
  /** Whether Node runs it by itself: not if the page says `no-run` or another of its files imports it. */
  readonly runs: boolean;
}

/** Whatever has programs in it: a page of the documentation, or one example of a docstring. */
export interface Page {
  /** Where it stands in the repository, for messages; no two are alike. */
  readonly path: string;
  readonly programs: readonly Program[];
}

export class Samples {
  readonly #folder: string;
  readonly #pages: readonly Page[];
  readonly #environment: Record<string, string> = {
    SESSION_KEY: 'sealring_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8K-IS', // the bytes 00 01 … 1f
    EXPRESS_SECRET: 'what express-session signs its ids with',
  };
  readonly #started: TestServer[] = [];
  #complaints: readonly Complaint[] = [];

  /** @param name of a folder of their own inside the repository, so that the packages are found by name. */
  constructor(name: string, pages: readonly Page[]) {
    this.#folder = at(`.tsbuild/${name}`);
    this.#pages = pages;
  }

  /** Writes and compiles all of them, and starts the servers that they name. */
  async start(): Promise<void> {
    for (const name of ['codec', 'sessions', 'inspect']) built(`packages/${name}/dist/index.js`);
    rmSync(this.#folder, { recursive: true, force: true });
    for (const page of this.#pages) {
      for (const program of page.programs) {
        const file = this.#fileOf(page, program);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, program.code.join('\n'));
      }
    }
    this.#complaints = typecheck(this.#folder);
    await this.#startServers();
  }

  async stop(): Promise<void> {
    for (const server of this.#started) await server.remove();
  }

  /** What the compiler says, each with its place on the page. */
  complaintsAbout(page: Page): string[] {
    const texts = page.programs.flatMap((program) => {
      const file = relative(this.#folder, this.#fileOf(page, program));
      const mine = this.#complaints.filter((complaint) => complaint.file === file);
      return mine.map(({ line, text }) => `${page.path}:${program.lines[line - 1]}: ${text}`);
    });
    return [...new Set(texts)]; // code before a block that does not run is compiled twice
  }

  /** Runs one of its programs. */
  async faultsOf(page: Page, program: Program, seconds?: number): Promise<string[]> {
    const { printed, failure } = await run(this.#fileOf(page, program), this.#environment, seconds);
    if (failure !== undefined) return [`${page.path}: ${failure}`];
    return page.programs.flatMap(({ file, code, lines }) => {
      const expected = readExpectations(code.join('\n')).filter(({ reached }) => reached || file === program.file);
      return expected.flatMap(({ line, text, reached }) => {
        const texts = printed.filter((one) => one.file === file && one.line === line).map((one) => one.text);
        const place = `${page.path}:${lines[line - 1]}`;
        if (texts.length === 0) {
          return reached && file === program.file ? [`${place}: printed nothing, the page says "${text}"`] : [];
        }
        return texts
          .filter((one) => !matches(one, text))
          .map((one) => `${place}: printed "${one}", the page says "${text}"`);
      });
    });
  }

  #fileOf({ path }: Page, { file }: Program): string {
    return join(this.#folder, path.replace(/\W+/g, '-'), file);
  }

  async #startServers(): Promise<void> {
    if (this.#pages.some((page) => needs(page, 'redis')) && !missing('redis')) {
      const redis = await startRedis();
      this.#started.push(redis);
      this.#environment['REDIS_URL'] = `redis://${redis.host}:${redis.port}`;
    }
    if (this.#pages.some((page) => needs(page, 'postgres')) && !missing('postgres')) {
      const postgres = await startPostgres();
      this.#started.push(postgres);
      this.#environment['DATABASE_URL'] = postgres.url;
    }
  }
}

/** Whether it names a server that this machine lacks. */
export function lacksServer(page: Page): boolean {
  return (['redis', 'postgres'] as const).some((server) => needs(page, server) && missing(server));
}

function needs({ programs }: Page, server: 'redis' | 'postgres'): boolean {
  const variable = server === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
  return programs.some(({ code }) => code.some((line) => line.includes(variable)));
}
