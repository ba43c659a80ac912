/** The Seal view's fields about a session -> its record; and the record of a session that was opened -> the fields. */
import type { SessionRecord } from '@sealring/wire';
import { make, part } from '../dom.ts';
import { formatValue } from '../notation/format-value.ts';
import { formatUtc } from '../token/time.ts';
import type { ClassTypes } from '../types/class-types.ts';
import { newRecord } from './record.ts';
import { createValueEditor } from './value-editor.ts';

export interface SessionFields {
  /** @param values what stands in the editor. @returns undefined where a field is wrong; then it says why. */
  read(values: object, types: ClassTypes, now: number): SessionRecord | undefined;
  /** Takes over all but the values. */
  fill(record: SessionRecord, types: ClassTypes): void;
  /** A new session, with these messages. */
  start(flashes: string): void;
  /** How long the cookie lives. */
  readonly maxAge: number | null | undefined;
}

type Kept = Pick<SessionRecord, 'createdAt' | 'id' | 'family' | 'authenticatedAt' | 'stamp'>;

export function createSessionFields(root: HTMLElement, onInput: () => void): SessionFields {
  const flashes = createValueEditor(part(root, 'flashes-editor', HTMLElement), onInput);
  const subject = part(root, 'subject', HTMLInputElement);
  const lifetime = part(root, 'lifetime', HTMLSelectElement);
  const seconds = part(root, 'seconds', HTMLInputElement);
  const secondsRow = part(root, 'seconds-row', HTMLElement);
  const keptNote = part(root, 'kept', HTMLElement);
  let id = newRecord({}, 0).id; // the same at every stroke
  let kept: Kept | undefined;

  function keep(given: Kept | undefined): void {
    kept = given;
    id = given === undefined ? newRecord({}, 0).id : given.id;
    keptNote.replaceChildren();
    if (given !== undefined) {
      const startOver = make('button', { type: 'button' }, 'Make it a new session');
      startOver.addEventListener('click', () => {
        keep(undefined);
        lifetime.focus(); // the button is gone
        onInput();
      });
      keptNote.append(
        `Kept from the opened session: its id, and that it was created ${formatUtc(given.createdAt)}. `,
        startOver,
      );
    }
    keptNote.hidden = given === undefined;
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
      const record = { ...newRecord(values, now, bags), id, ...kept, maxAge: readLifetime() };
      const whose = subject.value || undefined;
      if (whose === undefined) return { ...record, authenticatedAt: undefined, stamp: undefined };
      return { ...record, subject: whose, authenticatedAt: record.authenticatedAt ?? record.createdAt };
    },
    fill({ contents, maxAge, subject: whose, ...facts }, types) {
      keep(facts);
      subject.value = whose ?? '';
      setLifetime(maxAge);
      const bags = [...contents.flashes].map(([bag, messages]) => [bag, messages.map(({ message }) => message)]);
      flashes.text = bags.length === 0 ? '' : formatValue(Object.fromEntries(bags), types);
    },
    start(text) {
      keep(undefined);
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
