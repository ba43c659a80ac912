/** The Seal view's fields about a session -> its parts for the record; and a session that was opened -> the fields. */
import type { SessionView } from '@sealring/inspect';
import { make, part } from '../dom.ts';
import { formatValue } from '../notation/format-value.ts';
import { fromHex } from '../token/hex.ts';
import { formatUtc } from '../token/time.ts';
import type { ClassTypes } from '../types/class-types.ts';
import { newSessionId, type SessionParts } from './record.ts';
import { createValueEditor } from './value-editor.ts';

export interface SessionFields {
  /** @param values what stands in the editor. @returns undefined where a field is wrong; then it says why. */
  read(values: object, types: ClassTypes, now: number): SessionParts | undefined;
  /** Takes over all but the values. */
  fill(session: OpenedSession, types: ClassTypes): void;
  /** A new session, with these messages. */
  start(flashes: string): void;
  /** How long the cookie lives. */
  readonly maxAge: number | null | undefined;
}

type OpenedSession = Extract<SessionView, { kind: 'session' }>;
type Kept = Pick<SessionParts, 'id' | 'since'> & { readonly createdAt: number | undefined };

export function createSessionFields(root: HTMLElement, onInput: () => void): SessionFields {
  const flashes = createValueEditor(part(root, 'flashes-editor', HTMLElement), onInput);
  const subject = part(root, 'subject', HTMLInputElement);
  const lifetime = part(root, 'lifetime', HTMLSelectElement);
  const seconds = part(root, 'seconds', HTMLInputElement);
  const secondsRow = part(root, 'seconds-row', HTMLElement);
  const keptNote = part(root, 'kept', HTMLElement);
  let kept: Kept = fresh();

  function fresh(): Kept {
    return { id: newSessionId(), since: undefined, createdAt: undefined };
  }

  function keep(given: Kept): void {
    kept = given;
    keptNote.replaceChildren();
    if (given.createdAt !== undefined) {
      const startOver = make('button', { type: 'button' }, 'Make it a new session');
      startOver.addEventListener('click', () => {
        keep(fresh());
        lifetime.focus(); // the button is gone
        onInput();
      });
      keptNote.append(
        `Kept from the opened session: its id, and that it was created ${formatUtc(given.createdAt)}. `,
        startOver,
      );
    }
    keptNote.hidden = given.createdAt === undefined;
  }

  function readLifetime(): number | null | undefined {
    if (lifetime.value === 'store') return undefined;
    return lifetime.value === 'browser' ? null : Math.max(1, seconds.valueAsNumber || 1);
  }

  function setLifetime(maxAge: number | null | undefined): void {
    lifetime.value = maxAge === undefined ? 'store' : maxAge === null ? 'browser' : 'seconds';
    if (typeof maxAge === 'number') seconds.value = String(maxAge);
    secondsRow.hidden = lifetime.value !== 'seconds';
  }

  subject.addEventListener('input', onInput);
  seconds.addEventListener('input', onInput);
  lifetime.addEventListener('change', () => {
    setLifetime(readLifetime());
    onInput();
  });

  return {
    get maxAge() {
      return readLifetime();
    },
    read(values, types, now) {
      const read = flashes.text.trim() === '' ? { value: {} } : flashes.read(types);
      if (read === undefined) return undefined;
      const bags = bagsOf(read.value);
      flashes.complain(
        bags === undefined ? 'Expected an array of messages for each bag, such as {"default": ["Saved"]}.' : '',
      );
      if (bags === undefined) return undefined;
      const { createdAt = now, ...others } = kept;
      return {
        ...others,
        createdAt,
        values,
        flashes: bags,
        maxAge: readLifetime(),
        subject: subject.value || undefined,
      };
    },
    fill({ createdAt, since, id, subject: whose, maxAge, flashes: bags }, types) {
      keep({ createdAt, since, id: id === undefined ? undefined : fromHex(id) });
      subject.value = whose ?? '';
      setLifetime(maxAge);
      flashes.text = bags.size === 0 ? '' : formatValue(Object.fromEntries(bags), types);
    },
    start(text) {
      keep(fresh());
      subject.value = '';
      setLifetime(undefined);
      flashes.text = text;
    },
  };
}

function bagsOf(value: unknown): Map<string, unknown[]> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const bags = new Map<string, unknown[]>();
  for (const [bag, messages] of Object.entries(value)) {
    if (!Array.isArray(messages)) return undefined;
    if (messages.length > 0) bags.set(bag, messages);
  }
  return bags;
}
