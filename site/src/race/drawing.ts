/**
 * What requests did -> elements to draw, as plain data: the page is built with them before there is a browser, and grows by them in it.
 *
 * A row is a graph of lanes, one for each request and one for the store, and a sentence that says the same.
 */
import type { RaceEvent, SideName } from './race.ts';
import type { Outcome } from './scenarios.ts';
import type { SessionRecord } from './whole-record.ts';

export interface Drawing {
  readonly tag: 'b' | 'code' | 'i' | 'li' | 'span' | 'strong';
  readonly class?: string;
  readonly isHidden?: true; // from screen readers
  readonly children: readonly (Drawing | string)[];
}

/** A, B, C … */
const letterOf = (request: number): string => String.fromCharCode(65 + request);

/** The heads of the lanes: a letter for each request, and the store. */
export function drawHeads(requests: number): Drawing[] {
  const letters = Array.from({ length: requests }, (_, index) => span('head', letterOf(index)));
  return [...letters, span('head store', 'store')];
}

/** One row of a side's timeline. */
export function drawEvent(event: RaceEvent, side: SideName, requests: number): Drawing {
  const { request, deed, harm } = event;
  const lanes = Array.from({ length: requests + 1 }, (_, lane) => drawLane(lane, request, requests, deed));
  const sentence = span('said', { tag: 'b', children: [letterOf(request)] }, ' ', ...say(event, side));
  const harmed: Drawing[] = harm === undefined ? [] : [{ tag: 'strong', class: 'harm', children: [`✗ ${harm}`] }];
  return {
    tag: 'li',
    class: `${deed}${harm === undefined ? '' : ' harmful'}`,
    children: [{ tag: 'span', class: 'lanes', isHidden: true, children: lanes }, span('words', sentence, ...harmed)],
  };
}

/** How a side ended, in one line. The sign says it without colour. */
export function verdictOf({ lost, text }: Outcome): { text: string; isGood: boolean } {
  return { text: `${lost === 0 ? '✓' : '✗'} ${text}`, isGood: lost === 0 };
}

/** The lane of the request has a dot; where the store had a part, a line leads to its lane. */
function drawLane(lane: number, request: number, store: number, deed: RaceEvent['deed']): Drawing {
  const isAtStore = deed !== 'change';
  const classes = ['lane'];
  if (lane === request) classes.push('actor');
  if (lane === store && isAtStore) classes.push('target');
  if (isAtStore && lane > request && lane < store) classes.push('between');
  if (lane === request && !isAtStore) classes.push('alone');
  return { tag: 'i', class: classes.join(' '), children: [] };
}

function say({ deed, change, record }: RaceEvent, side: SideName): (Drawing | string)[] {
  const shown: Drawing = { tag: 'code', children: [formatRecord(record)] };
  switch (deed) {
    case 'read':
      return record === undefined ? ['finds no session'] : ['reads ', shown];
    case 'change':
      return [change];
    case 'write':
      return side === 'whole' ? ['writes it back whole: ', shown] : ['writes, as nobody has since: ', shown];
    case 'end':
      return side === 'whole' ? ['deletes the record'] : ['ends the session, for good'];
    case 'conflict':
      return ['cannot write: the record has changed since'];
    case 'read-newest':
      return ['reads the newest: ', shown];
    case 'write-again':
      return ['does its change again and writes ', shown];
    case 'give-up':
      return ['finds the session ended, and writes nothing'];
  }
}

/** `{ user: ada, visits: 2 }`, without the quotes that nobody needs here. */
function formatRecord(record: SessionRecord | undefined): string {
  if (record === undefined) return 'nothing';
  const fields = Object.entries(record).map(([key, value]) => `${key}: ${formatValue(value)}`);
  return `{ ${fields.join(', ')} }`;
}

function formatValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function span(name: string, ...children: readonly (Drawing | string)[]): Drawing {
  return { tag: 'span', class: name, children };
}
