/** The four phases in which a key is replaced without logging anyone out: from which day, with which keys, and why. */

export type KeyName = 'A' | 'B';

export interface Phase {
  readonly title: string;
  /** The first day on which it holds. */
  readonly from: number;
  /** The first seals, all open. */
  readonly keys: readonly KeyName[];
  readonly why: string;
}

export const LAST_DAY = 34;
/** On which the cookie is set: A's last day as the first key, so that no cookie of A is good for longer. */
export const ISSUED_ON = 13;

export const PHASES: readonly Phase[] = [
  { title: 'Key A alone', from: 0, keys: ['A'], why: 'Every server seals and opens with key A.' },
  {
    title: 'Key B added, in second place',
    from: 7,
    keys: ['A', 'B'],
    why: 'Nothing is sealed with B yet. Deploy this everywhere first, so that no server meets a cookie that it cannot open.',
  },
  {
    title: 'Key B first',
    from: 14,
    keys: ['B', 'A'],
    why: 'B seals from now on. Cookies of A still open, and are sealed again with B at the next save.',
  },
  {
    title: 'Key A removed',
    from: 28,
    keys: ['B'],
    why: 'A sealed its last cookie on day 13. With a maxAge of 14 days that has ended as well, so this step logs nobody out.',
  },
];

const [FIRST] = PHASES;

/** The last phase that has begun. */
export function phaseOn(day: number): Phase {
  const phase = PHASES.findLast(({ from }) => from <= day) ?? FIRST;
  if (phase === undefined) throw new RangeError('A plan needs a phase');
  return phase;
}

/** The option as it stands in the program: `keys: [keyB, keyA]`. */
export const codeOf = ({ keys }: Phase): string => `keys: [${keys.map((name) => `key${name}`).join(', ')}]`;

export type Role = 'seals' | 'opens' | 'not there';

/** What a key does in a phase. */
export function roleOf(key: KeyName, { keys }: Phase): Role {
  if (keys[0] === key) return 'seals';
  return keys.includes(key) ? 'opens' : 'not there';
}
