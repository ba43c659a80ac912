/** Whatever was copied from a browser, a log or a terminal -> the tokens in it, with the names of their cookies. */

export interface Candidate {
  /** Empty where the text was a token alone. */
  name: string;
  token: string;
}

export interface Pasted {
  /** Never empty: what is no cookie line is taken as a token, for the checks to say what is wrong with it. */
  candidates: readonly [Candidate, ...Candidate[]];
  /** What was done to the text, for people to read; empty where nothing was. */
  note: string;
}

// name "=" value, as in RFC 6265 §4.1.1, without the quotes that shells put around it. A name is looked for only where one can begin:
// else a long text without "=" would be read once for each of its characters.
const NAMED_TOKEN = /(?<![\w.!#$%*+^|~-])([\w.!#$%*+^|~-]+)\s*=\s*"?([ES][\w-]{30,})/g;
const FIRST_PAIR = /^(?:.*?\b(?:set-)?cookie\s*:)?\s*([\w.!#$%*+^|~-]+)\s*=\s*"?([^\s;"'=]+)/i;

/** @returns undefined for a text of nothing but white space. */
export function readPasted(text: string): Pasted | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const line = trimmed
    .split('\n')
    .map((piece) => piece.trim())
    .join('');
  const [first, ...others] = [...line.matchAll(NAMED_TOKEN)].map(toCandidate);
  if (first !== undefined) {
    const more = others.length > 0 ? `, the first of ${others.length + 1} that may be tokens` : '';
    return { candidates: [first, ...others], note: `Taken out of the line: the value of “${first.name}”${more}.` };
  }
  const pair = FIRST_PAIR.exec(line);
  if (pair !== null) {
    const candidate = toCandidate(pair);
    return {
      candidates: [candidate],
      note: `Taken out of the line: the value of “${candidate.name}”. It does not look like a token.`,
    };
  }
  const token = line.replace(/^(["'`])(.*)\1$/, '$2');
  return { candidates: [{ name: '', token }], note: token === trimmed ? '' : 'Quotes and line breaks were left out.' };
}

const toCandidate = ([, name = '', token = '']: RegExpExecArray): Candidate => ({ name, token });
