/** What the requests of a race do, written for both sides, and how to count what is left of it. */
import type { Session } from 'sealring';
import type { SessionRecord } from './whole-record.ts';

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What is at stake, in one sentence. */
  readonly about: string;
  /** What a request does, after its letter: "sets theme to dark". */
  says(index: number): string;
  /** On a plain record that is written back whole. @returns whether it logs out. */
  changeRecord(record: SessionRecord, index: number): boolean;
  /** The same with Sealring. @returns whether it logs out. */
  changeSession(session: Session, index: number): boolean;
  /** What a write broke, given the record before and after it; undefined where nothing. */
  harm(before: SessionRecord | undefined, after: SessionRecord | undefined): string | undefined;
  /** How it ended for `requests` of them. */
  outcome(record: SessionRecord | undefined, requests: number): Outcome;
}

export interface Outcome {
  readonly lost: number;
  readonly total: number;
  readonly text: string;
}

/** So many requests have something to do. */
export const MOST_REQUESTS = 6;

const SETTINGS = [
  ['theme', 'dark'],
  ['language', 'en'],
  ['currency', 'EUR'],
  ['city', 'Paris'],
  ['layout', 'wide'],
  ['sound', 'off'],
] as const;
const settingOf = (index: number): readonly [key: string, value: string] => SETTINGS[index] ?? SETTINGS[0];
const messageOf = (index: number) => `Saved ${index + 1}`;
const messagesIn = (record: SessionRecord | undefined) => {
  const messages = record?.['messages'];
  return Array.isArray(messages) ? messages.map(String) : [];
};

export const SCENARIOS: readonly [Scenario, ...Scenario[]] = [
  {
    id: 'keys',
    title: 'Each sets another key',
    about: 'Each request sets a key of its own.',
    says: (index) => `sets ${settingOf(index).join(' to ')}`,
    changeRecord(record, index) {
      const [key, value] = settingOf(index);
      record[key] = value;
      return false;
    },
    changeSession(session, index) {
      session.set(...settingOf(index));
      return false;
    },
    ...updates((record) => SETTINGS.filter(([key]) => record !== undefined && key in record).length),
  },
  {
    id: 'counter',
    title: 'All add to one counter',
    about: 'Every request adds 1 to the same number.',
    says: () => 'adds 1 to visits',
    changeRecord(record) {
      record['visits'] = Number(record['visits'] ?? 0) + 1;
      return false;
    },
    changeSession(session) {
      session.update('visits', (visits = 0) => visits + 1);
      return false;
    },
    ...updates((record) => Number(record?.['visits'] ?? 0)),
  },
  {
    id: 'logout',
    title: 'A logs out, the others are slow',
    about: 'Request A ends the session while others, which have read it, are still at work.',
    says: (index) => (index === 0 ? 'logs out' : `sets ${settingOf(index).join(' to ')}`),
    changeRecord(record, index) {
      if (index === 0) return true;
      const [key, value] = settingOf(index);
      record[key] = value;
      return false;
    },
    changeSession(session, index) {
      if (index === 0) session.logout();
      else session.set(...settingOf(index));
      return index === 0;
    },
    harm: (before, after) =>
      before === undefined && after !== undefined ? 'The session is back: the logout is undone' : undefined,
    outcome(record) {
      const text = record === undefined ? 'the logout stays' : 'the logout is undone, ada is logged in again';
      return { lost: record === undefined ? 0 : 1, total: 1, text };
    },
  },
  {
    id: 'flash',
    title: 'Each adds a flash message',
    about: 'Every request leaves a message for the next page.',
    says: (index) => `adds the message “${messageOf(index)}”`,
    changeRecord(record, index) {
      record['messages'] = [...messagesIn(record), messageOf(index)];
      return false;
    },
    changeSession(session, index) {
      session.addFlash(messageOf(index));
      return false;
    },
    ...updates((record) => messagesIn(record).length),
  },
];

/** Harm and outcome where every request adds something that can be counted. */
function updates(countIn: (record: SessionRecord | undefined) => number): Pick<Scenario, 'harm' | 'outcome'> {
  return {
    harm(before, after) {
      const lost = countIn(before) + 1 - countIn(after);
      return lost > 0 ? `${counted(lost)} lost` : undefined;
    },
    outcome(record, total) {
      const lost = total - countIn(record);
      return { lost, total, text: `${lost} of ${counted(total)} lost` };
    },
  };
}

const counted = (updates: number) => `${updates} update${updates === 1 ? '' : 's'}`;
