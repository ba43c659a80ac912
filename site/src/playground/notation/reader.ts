/**
 * What somebody typed -> nodes with their places. JSON, and what people add to it by habit: comments, trailing commas, single
 * quotes, names without quotes. What the nodes mean is decided in `parse-value.ts`.
 */

/** A piece of the text; `at` is the index of its first character, from which line and column follow. */
export type Node =
  | { kind: 'object'; at: number; entries: Entry[] }
  | { kind: 'array'; at: number; items: Node[] }
  | { kind: 'text'; at: number; text: string }
  | { kind: 'number'; at: number; raw: string }
  | { kind: 'word'; at: number; word: string };

interface Entry {
  name: string;
  at: number;
  value: Node;
}

/** A mistake in the typed text, with the place to look at. */
export class NotationError extends Error {
  override readonly name = 'NotationError';
  /** Index of the character at which reading stopped. */
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const DEEPEST = 200; // far below the stack's end, far above what a token may hold
const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$.])/y;
const WORD = /-?[A-Za-z_$][\w$]*/y;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '0': '\0' };

/** @throws {NotationError} naming what was expected and what came. */
export function readNotation(text: string): Node {
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Node {
    this.#space();
    const at = this.#at;
    const next = this.#text[at];
    if (depth > DEEPEST) throw new NotationError(at, `Expected at most ${DEEPEST} brackets inside one another`);
    if (next === '{') return { kind: 'object', at, entries: this.#object(depth) };
    if (next === '[') return { kind: 'array', at, items: this.#array(depth) };
    if (next === '"' || next === "'") return { kind: 'text', at, text: this.#quoted(next) };
    const raw = this.#take(NUMBER);
    if (raw !== undefined) return { kind: 'number', at, raw };
    const word = this.#take(WORD);
    if (word !== undefined) return { kind: 'word', at, word };
    throw this.#expected('a value');
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#expected('nothing more after the value');
  }

  #object(depth: number): Entry[] {
    const entries: Entry[] = [];
    const seen = new Set<string>();
    this.#at++;
    while (!this.#ends('}')) {
      const at = this.#at;
      const name = this.#name();
      if (seen.has(name)) throw new NotationError(at, `The name ${JSON.stringify(name)} stands here a second time`);
      seen.add(name);
      this.#space();
      if (this.#text[this.#at] !== ':') throw this.#expected(`":" after the name ${JSON.stringify(name)}`);
      this.#at++;
      entries.push({ name, at, value: this.value(depth + 1) });
      this.#comma('}');
    }
    return entries;
  }

  #array(depth: number): Node[] {
    const items: Node[] = [];
    this.#at++;
    while (!this.#ends(']')) {
      items.push(this.value(depth + 1));
      this.#comma(']');
    }
    return items;
  }

  #ends(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  #comma(bracket: string): void {
    this.#space();
    if (this.#text[this.#at] === ',') this.#at++;
    else if (this.#text[this.#at] !== bracket) throw this.#expected(`"," or "${bracket}"`);
  }

  #name(): string {
    const next = this.#text[this.#at];
    if (next === '"' || next === "'") return this.#quoted(next);
    const word = this.#take(WORD);
    if (word === undefined || word.startsWith('-')) throw this.#expected('a name in quotes or "}"');
    return word;
  }

  #quoted(quote: string): string {
    const start = this.#at++;
    let text = '';
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined || next === '\n') {
        throw new NotationError(start, `This text has no closing ${quote} on its line; write a line break as \\n`);
      }
      this.#at++;
      if (next === quote) return text;
      text += next === '\\' ? this.#escape() : next;
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter === 'u' || letter === 'x') {
      const digits = letter === 'u' ? 4 : 2;
      const hex = this.#text.slice(this.#at, this.#at + digits);
      if (hex.length !== digits || !/^[0-9a-f]+$/i.test(hex))
        throw this.#expected(`${digits} hexadecimal digits after "\\${letter}"`);
      this.#at += digits;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    if (letter === '\n') return ''; // a backslash at the end of a line joins it to the next
    return ESCAPES[letter] ?? letter;
  }

  #space(): void {
    this.#take(SPACE);
    if (this.#text.startsWith('/*', this.#at)) throw new NotationError(this.#at, 'This comment has no closing "*/"');
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [taken] = pattern.exec(this.#text) ?? [];
    if (taken !== undefined) this.#at += taken.length;
    return taken;
  }

  #expected(what: string): NotationError {
    const rest = this.#text.slice(this.#at);
    const [got = ''] = /^(?:-?[\w.$+-]+|.)/su.exec(rest) ?? [];
    const shown = got.length > 24 ? `${got.slice(0, 24)}…` : got;
    return new NotationError(
      this.#at,
      `Expected ${what}, got ${got === '' ? 'the end of the text' : JSON.stringify(shown)}`,
    );
  }
}
