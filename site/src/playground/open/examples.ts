/** What to begin with, by the name on its button: each fills the shared fields with a cookie made on the spot under a demo key. */
import { createSealer, type SealerOptions, typeRegistry } from '@sealring/codec';
import { cookiePurpose, SECRET_BYTES } from '@sealring/wire';
import { DEMO_KEYS } from '../keys/demo-keys.ts';
import { recordOf } from '../seal/record.ts';
import { flipCharacter } from '../token/flip.ts';
import type { Fields, Workspace } from '../workspace.ts';

const WEEK = 604_800;
const NAME = 'session';
const [DEMO_1 = '', DEMO_2 = ''] = DEMO_KEYS.values();

export function createExamples(root: HTMLElement, workspace: Workspace): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-example]')) {
    button.addEventListener('click', () => EXAMPLES.get(button.dataset['example'] ?? '')?.(workspace));
  }
}

const EXAMPLES: ReadonlyMap<string, (workspace: Workspace) => void> = new Map([
  ['opens', (workspace: Workspace) => fill(workspace, line(session(3600)))],
  ['expired', (workspace: Workspace) => fill(workspace, line(session(WEEK + 240)))],
  ['changed', (workspace: Workspace) => fill(workspace, line(flipCharacter(session(3600), 90)))],
  ['renamed', (workspace: Workspace) => fill(workspace, `Cookie: basket=${session(3600)}`, { name: 'basket' })],
  ['key', (workspace: Workspace) => fill(workspace, line(session(3600, { keys: [DEMO_2] })))],
  [
    'signed',
    (workspace: Workspace) => fill(workspace, line(session(3600, { keys: [{ secret: DEMO_1, encrypt: false }] }))),
  ],
  [
    'id',
    (workspace: Workspace) => fill(workspace, line(seal(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)), 3600))),
  ],
  ['class', (workspace: Workspace) => fill(workspace, line(seal({ user: new Person() }, 3600, { types: people() })))],
]);

class Person {
  firstName = 'Ada';
  lastName = 'Lovelace';
  email = 'ada@example.org';
  age = 36;
}

const people = () => typeRegistry().register('Person', Person, { fields: ['firstName', 'lastName', 'email', 'age'] });

function fill(workspace: Workspace, input: string, fields: Partial<Fields> = {}): void {
  const { keyring } = workspace;
  if (!keyring.keys.some(({ text }) => text === DEMO_1)) keyring.add({ text: DEMO_1, label: 'demo-1' });
  workspace.fill({
    ...{ input, cookie: -1, name: NAME, purpose: '', context: '' },
    ...{ clock: undefined, maxAge: WEEK, types: '', dictionary: '', ...fields },
  });
}

const line = (token: string) => `Cookie: theme=dark; ${NAME}=${token}`;

function session(age: number, options: Partial<SealerOptions> = {}): string {
  const createdAt = Math.floor(Date.now() / 1000) - age;
  const values = {
    user: 42,
    name: 'Zoë',
    lastVisit: new Date(1000 * (createdAt - 86_400)),
    cart: new Map<string, number>([
      ['apple', 3],
      ['pear', 1],
    ]),
    seen: new Set(['welcome', 'cookies']),
  };
  return seal(recordOf(values, createdAt, new Map([['notice', ['Saved.']]])), age, options);
}

function seal(value: unknown, age: number, options: Partial<SealerOptions> = {}): string {
  const sealer = createSealer({ keys: [DEMO_1], purpose: cookiePurpose(NAME), reserved: true, ...options });
  return sealer.seal(value, { now: Math.floor(Date.now() / 1000) - age });
}
