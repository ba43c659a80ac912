/** The checks of a token -> a headline, and more sentences: facts, the likely cause, what to try. */

import type { Check, SessionView, Verdict } from '../explanation.ts';
import { count, formatDuration, formatInstant, join } from '../text.ts';
import { endOf, isOver } from './age.ts';
import { rejectedByDefault } from './attempt.ts';
import { describeBinding } from './bindings.ts';
import { MIN_CHARACTERS } from './parts.ts';
import type { Findings, Subject } from './subject.ts';

export function verdictOf(subject: Subject, findings: Findings, checks: readonly Check[]): Verdict {
  if (subject.format === undefined && findings.opening === undefined) return unknown(subject);
  const failed = checks.find(({ state }) => state === 'failed');
  if (failed !== undefined) return refusal(subject, findings, failed);
  if (checks.every(({ state }) => state === 'passed')) return opened(subject, findings);
  return waiting(subject);
}

function refusal(subject: Subject, findings: Findings, failed: Check): Verdict {
  const details = [sentence(failed.found), failed.cause, failed.hint].filter((text) => text !== undefined);
  const unreadable = findings.content?.ok === false && failed.id === 'age' ? [sentence(findings.content.message)] : [];
  const facts =
    failed.id === 'age' || failed.id === 'payload' ? [...sessionFacts(subject, findings), ...unreadable] : [];
  return {
    state: 'refused',
    headline: headlineOf(subject, findings, failed),
    details: [...details, ...facts, ...unverified(subject, findings)],
  };
}

function unknown({ parts: { text }, cookie: { chunks, missing } }: Subject): Verdict {
  const rules = `A token starts with E (sealed) or S (signed) and has ${MIN_CHARACTERS} characters or more of A–Z a–z 0–9 - _.`;
  const lacks = `${join(missing.map((name) => `“${name}”`))} ${missing.length === 1 ? 'is' : 'are'} missing or of the wrong length`;
  const reason =
    missing.length > 0 ? `It may be part of a value that was split over ${chunks} cookies; ${lacks}.` : oddity(text);
  return { state: 'unknown', headline: 'This does not look like a Sealring token.', details: [rules, reason] };
}

/** Returns the first reason why a value does not look like a token. */
function oddity(text: string): string {
  const foreign = /[^A-Za-z0-9_-]/u.exec(text)?.[0];
  if (text === '') return 'This is empty. A deleted cookie can leave an empty value.';
  if (!/^[ES]/.test(text)) return `This starts with “${[...text.slice(0, 2)][0] ?? ''}”.`;
  if (text.length < MIN_CHARACTERS) return `This has ${count(text.length, 'character')}.`;
  if (foreign !== undefined) return `This has other characters, such as “${foreign}”.`;
  return 'The first byte, the length or the time of this is wrong.';
}

function headlineOf(subject: Subject, { opening, session }: Findings, { id, code, characters }: Check): string {
  const { parts, settings, presented } = subject;
  const { now } = settings;
  switch (id) {
    case 'structure':
      return characters === undefined ? 'Something is missing.' : 'This is not how a token is written.';
    case 'version':
      return 'The first byte names a version that does not exist.';
    case 'key':
      return 'It was made with none of these keys.';
    case 'integrity':
      return settings.purpose === undefined
        ? 'Changed, or made for another name or tenant.'
        : 'Changed, or made for another purpose or context.';
    case 'name':
      return opening?.binding.purpose === presented?.purpose
        ? 'Genuine, but sealed with another context.'
        : `Genuine, but sealed for ${opening === undefined ? '' : describeBinding(opening.binding)}.`;
    case 'age':
      return code === 'ERR_SEAL_EXPIRED'
        ? `Genuine, but expired ${formatDuration(now - (endOf(subject, session)?.at ?? now))} ago.`
        : `Genuine, but made ${formatDuration((parts.issuedAt ?? now) - now)} in the future.`;
    default:
      return 'Genuine, but its payload cannot be read here.';
  }
}

function opened(subject: Subject, findings: Findings): Verdict {
  const { opening } = findings;
  const { settings, parts, presented } = subject;
  if (opening === undefined) return { state: 'opens', headline: 'It opens.', details: [] };
  const details = [
    `Issued ${formatInstant(opening.issuedAt)} with key ${opening.key + 1} (${opening.keyId}), for ${describeBinding(opening.binding)}.`,
  ];
  if (presented === undefined)
    details.push('No name was given, so it was guessed. To open the token, a program must give the name.');
  if (opening.stale) details.push('It was made with another key than the first, so it is stale: seal it again.');
  details.push(...modeFacts(subject, findings), ...sessionFacts(subject, findings));
  const rejection = rejectedByDefault(opening, settings);
  if (rejection !== undefined) details.push(`A reader with the default limits rejects it: ${rejection}.`);
  return {
    state: 'opens',
    headline: 'It opens.',
    details:
      parts.mode === 'signed' ? [...details, 'It is signed, not encrypted: anyone can read its contents.'] : details,
  };
}

/** A key without options is for sealed tokens. This package tries both modes, but a server does not. */
function modeFacts({ parts, settings }: Subject, { opening }: Findings): string[] {
  const encrypt = settings.keys[opening?.key ?? -1]?.encrypt ?? true;
  if (encrypt === (parts.mode === 'sealed')) return [];
  return [`A server opens it only if it lists the key for ${parts.mode} tokens: { secret, encrypt: ${!encrypt} }.`];
}

function sessionFacts(subject: Subject, { session }: Findings): string[] {
  if (session === undefined) return [];
  if (session.kind === 'id') return ['It holds only an id; the data is on the server.'];
  const { createdAt, authenticatedAt, id, family } = session;
  const facts = [`It is a session, created ${formatInstant(createdAt)}.`];
  if (authenticatedAt !== undefined) facts.push(`Its subject logged in ${formatInstant(authenticatedAt)}.`);
  if (family !== id) facts.push('It had another id before.');
  return [...facts, ...lifetimeFacts(subject, session)];
}

function lifetimeFacts(subject: Subject, session: SessionView): string[] {
  const end = endOf(subject, session);
  if (end === undefined || end.by === 'caller') return [];
  const { now } = subject.settings;
  const when = isOver(end, now)
    ? `expired ${formatDuration(now - end.at)} ago`
    : `expires in ${formatDuration(end.at - now)}`;
  const by =
    end.by === 'session'
      ? `By its own max age of ${formatDuration(end.maxAge)}`
      : `By the default max age of ${formatDuration(end.maxAge)}`;
  return [`${by} the session ${when}, ${formatInstant(end.at)}.`];
}

function waiting({ parts, settings, presented }: Subject): Verdict {
  const signed =
    parts.mode === 'signed'
      ? ['It is signed: its payload can be read without a key, but nothing vouches for it yet.']
      : [];
  if (settings.keys.length === 0) {
    const also = presented === undefined ? ' Its name or purpose is needed as well.' : '';
    const headline =
      presented === undefined ? 'A key and a name are needed to open it.' : 'A key is needed to open it.';
    return { state: 'waiting', headline, details: [`The token names the key ${parts.keyId}.${also}`, ...signed] };
  }
  const details = [
    'There is a key with the right id. But a token opens only with its name or purpose, and none of the usual names fits.',
    'Give the cookie’s name or the purpose, or paste the whole Cookie line. If the name is right, the token may have been changed.',
  ];
  return {
    state: 'waiting',
    headline: 'The cookie’s name or the purpose is needed to open it.',
    details: [...details, ...signed],
  };
}

function unverified({ parts }: Subject, { opening }: Findings): string[] {
  const isReadable = parts.mode === 'signed' && parts.segments.length > 0 && opening === undefined;
  return isReadable ? ['Its payload can be read, but nothing vouches for it.'] : [];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
