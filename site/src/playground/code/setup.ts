/** A subject -> the part of its program that no framework changes: imports, classes, and the store or the sealer. */
import { cookiePurpose, RESERVED_PREFIX } from '@sealring/wire';
import { isForSessions, type KeyEncoding, type Subject, sessionNameOf } from './subject.ts';
import { literal, literals, property } from './text.ts';

export interface Setup {
  /** Module name -> what is imported from it. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly lines: readonly string[];
}

const ENVIRONMENT = 'SESSION_KEY';

/** Under which name the environment holds each key; the first is the one that seals. */
export const environmentNames = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => (at === 0 ? ENVIRONMENT : `${ENVIRONMENT}_${at + 1}`));

export function setupOf(subject: Subject): Setup {
  const classes = classesOf(subject);
  const isSession = isForSessions(subject);
  const module = isSession ? 'sealring' : '@sealring/codec';
  const makers = isSession ? (subject.holds === 'id' ? ['memory', 'serverStore'] : ['cookieStore']) : ['createSealer'];
  const names = [...makers, ...(classes.length > 0 ? ['typeRegistry'] : [])];
  const imports = new Map<string, readonly string[]>([
    ['node:util', ['inspect']],
    [module, names],
  ]);
  return { imports, lines: [...classes, ...(isSession ? storeOf(subject) : sealerOf(subject))] };
}

function storeOf({ holds, cookieName, maxAge, clock, chunks, ...subject }: Subject): string[] {
  const cookie = sessionNameOf(cookieName)?.cookie;
  return [
    `const store = ${holds === 'id' ? 'serverStore' : 'cookieStore'}({`,
    ...sharedOptions(subject, true),
    ...(holds === 'id' ? ['  backend: memory(), // in its place: the backend that holds this session’s record'] : []),
    ...(cookie === undefined ? [] : [`  cookie: ${cookie},`]),
    ...(chunks > 1 && holds === 'session' ? [`  chunks: ${chunks},`] : []),
    ...(maxAge === undefined ? [] : [`  maxAge: ${maxAge},`]),
    ...(clock === undefined ? [] : [`  now: () => ${clock}, // the playground’s clock; leave it out for the present`]),
    '});',
  ];
}

function sealerOf({ cookieName, purpose = cookiePurpose(cookieName), ...subject }: Subject): string[] {
  return [
    'const sealer = createSealer({',
    ...sharedOptions(subject, false),
    `  purpose: ${literal(purpose)},`,
    ...(purpose.startsWith(RESERVED_PREFIX) ? ['  reserved: true, // a purpose of the session layer'] : []),
    '});',
    '',
    '/** The value of the cookie in a Cookie header. */',
    'function tokenIn(header: string): string {',
    `  const start = ${literal(`${cookieName}=`)};`,
    "  const pair = header.split('; ').find((each) => each.startsWith(start));",
    "  return pair?.slice(start.length) ?? '';",
    '}',
  ];
}

type Shared = Pick<Subject, 'keys' | 'isSigned' | 'types' | 'dictionary'>;

/** @param isStore stores say by themselves that a key is missing; sealers want a string. */
function sharedOptions({ keys, isSigned, types, dictionary }: Shared, isStore: boolean): string[] {
  const names = environmentNames(keys.length);
  const secrets = keys.map((encoding, at) => {
    const secret = secretOf(names[at] ?? ENVIRONMENT, encoding, isStore && !isSigned);
    return isSigned ? `{ secret: ${secret}, encrypt: false }` : secret;
  });
  return [
    ...(secrets.length === 1
      ? [`  keys: [${secrets[0]}],`]
      : ['  keys: [', ...secrets.map((s) => `    ${s},`), '  ],']),
    ...(types.size > 0 ? ['  types,'] : []),
    ...(dictionary.length > 0 ? [`  dictionary: ${literals(dictionary, '  ')},`] : []),
  ];
}

function secretOf(name: string, encoding: KeyEncoding, mayBeMissing: boolean): string {
  const given = `process.env['${name}']`;
  if (encoding !== 'sealring') return `Buffer.from(${given} ?? '', '${encoding}')`;
  return mayBeMissing ? given : `${given} ?? ''`;
}

/** A class for each registered name, for the reader to put the program's own in its place. */
function classesOf({ types }: Subject): string[] {
  if (types.size === 0) return [];
  const taken = new Set<string>();
  const rows = [...types].map(([name, fields]) => ({ name, fields, type: classNameFor(name, taken) }));
  const stand = rows.length === 1 ? 'This stands for your own class' : 'These stand for your own classes';
  return [
    `// ${stand}, with the fields in the same order.`,
    ...rows.flatMap(({ type, fields }) => [
      `class ${type} {`,
      ...fields.map((field) => `  ${property(field)}: unknown;`),
      '}',
    ]),
    '',
    'const types = typeRegistry()',
    ...rows.map(({ name, type, fields }, at) => {
      const end = at === rows.length - 1 ? ';' : '';
      return `  .register(${literal(name)}, ${type}, { fields: ${literals(fields, '  ')} })${end}`;
    }),
    '',
  ];
}

/** The registered name where a class can be called that and nothing else is. */
function classNameFor(name: string, taken: Set<string>): string {
  const isFree = /^[A-Z][A-Za-z0-9]*$/.test(name) && !(name in globalThis) && !USED.has(name) && !taken.has(name);
  let type = isFree ? name : `Class${taken.size + 1}`;
  while (taken.has(type)) type += '_';
  taken.add(type);
  return type;
}

const USED: ReadonlySet<string> = new Set(['Buffer', 'Hono', 'Koa']); // what the programs themselves use
