/** An explanation -> a summary in Markdown for a bug ticket. Without token and values unless they are asked for; never with a key. */
import { formatDiagnostic } from '@sealring/inspect';
import { MAX_COOKIE_BYTES } from '@sealring/wire';
import type { Key } from '../../keys/keyring.ts';
import { measurePasted } from '../../size/size.ts';
import { formatInstant } from '../../token/time.ts';
import type { Attempt } from '../../workspace.ts';
import { holdsKey, KEY_WARNING } from './key-in-text.ts';

export interface TicketOptions {
  readonly withToken: boolean;
  readonly withValues: boolean;
  readonly keys: readonly Key[];
  /** Seconds since the epoch. */
  readonly now: number;
}

export function formatTicket(attempt: Attempt, options: TicketOptions): string {
  const { explanation, token, name } = attempt;
  const { verdict, checks, segments, mode, keyId, issuedAt, payload, unverified } = explanation;
  const { withToken, withValues, keys, now } = options;
  const facts = [
    ...(name === '' ? [] : [`- cookie: ${code(name)}, ${sizeOf(attempt)}`]),
    ...(mode === undefined ? [] : [`- mode: ${mode}`]),
    ...(issuedAt === undefined ? [] : [`- issued: ${formatInstant(issuedAt, now)}`]),
    `- looked at: ${formatInstant(now, now)}`,
    ...(keyId === undefined ? [] : [`- key id in the token: ${code(keyId)}`]),
    `- key ids tried: ${keys.flatMap((key) => (key.keyId === undefined ? [] : code(key.keyId))).join(', ') || 'none'}`,
  ];
  const bytes = payload ?? unverified;
  const text = [
    `**${verdict.headline}**`,
    facts.join('\n'),
    [
      '| check | result | code |',
      '|---|---|---|',
      ...checks.map(({ title, state, code: its }) => `| ${title} | ${state} | ${its ? code(its) : ''} |`),
    ].join('\n'),
    ...(segments.length === 0
      ? []
      : [
          segments
            .map(({ label, bytes: { from, to } }) => `${label} ${to - from}`)
            .join(' + ')
            .concat(' bytes'),
        ]),
    ...(withToken ? [fence(token, 'text')] : []),
    ...(withValues && bytes
      ? [`Payload${payload ? '' : ', unverified'}:`, fence(formatDiagnostic(bytes), 'text')]
      : []),
  ].join('\n\n');
  return holdsKey([text], keys) ? KEY_WARNING : text;
}

function sizeOf({ cookie, name }: Attempt): string {
  if (cookie === undefined) return 'too long to be read';
  const { chunks, size } = cookie;
  return chunks > 1
    ? `split over ${chunks} cookies, ${size} bytes together`
    : `${measurePasted(cookie, name).bytes} of ${MAX_COOKIE_BYTES} bytes`;
}

const code = (text: string) => `\`${text.replaceAll('`', '')}\``;

/** Longer than any run of backticks in the text, so that nothing in it ends the block. */
function fence(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}
