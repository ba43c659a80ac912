/** A session record -> what a person asks about it: since when, until when, whose, its values and its flashes. */
import type { SessionView } from '@sealring/inspect';
import { make } from '../../dom.ts';
import { cut, formatValue } from '../../notation/format-value.ts';
import { formatDuration, formatInstant } from '../../token/time.ts';
import type { ClassTypes } from '../../types/class-types.ts';

export function showSession(root: HTMLElement, session: SessionView, now: number, types: ClassTypes): void {
  if (session.kind === 'id') {
    root.replaceChildren(
      make(
        'p',
        {},
        'This cookie holds only an id. The data is on the server, in the store of the program that set it.',
      ),
    );
    return;
  }
  const { createdAt, maxAge, subject, id, family, authenticatedAt, stamp, values, flashes } = session;
  const rows: [string, string][] = [['Created', formatInstant(createdAt, now)]];
  if (maxAge === null) rows.push(['Good', 'until the browser closes']);
  else if (maxAge === undefined) rows.push(['Good', 'as long as the store says: the record has no time of its own']);
  else rows.push(['Good', `${formatDuration(maxAge)}, until ${formatInstant(createdAt + maxAge, now)}`]);
  if (subject !== undefined) rows.push(['Subject', subject]);
  if (authenticatedAt !== undefined) rows.push(['Logged in', formatInstant(authenticatedAt, now)]);
  if (stamp !== undefined) rows.push(['Number of the subject', String(stamp)]);
  rows.push(['Id', id]);
  if (family !== id) rows.push(['First id', family]);
  root.replaceChildren(
    make('dl', {}, ...rows.flatMap(([term, text]) => [make('dt', {}, term), make('dd', {}, text)])),
    make('h3', {}, 'Values'),
    code(formatValue(values, types), 'Values of the session'),
    ...(flashes.size > 0
      ? [make('h3', {}, 'Flashes'), code(formatValue(flashes, types), 'Flashes of the session')]
      : []),
  );
}

function code(text: string, label: string): HTMLElement {
  return make('pre', { class: 'value', tabindex: '0', 'aria-label': label }, make('code', {}, cut(text)));
}
