/** A value -> its explanation as a Sealring token: cut, try the keys, try other names, read, judge. FORMAT.md §3. */

import type { FormatMatch, OpenedToken, PastedCookie } from '../explanation.ts';
import type { Explained } from '../format.ts';
import type { Settings } from '../options.ts';
import { formatHex } from '../text.ts';
import { keysFor, readContent, tryBindings } from './attempt.ts';
import { type Binding, contextOf, otherBindings, purposeOf } from './bindings.ts';
import { checksOf } from './checks.ts';
import { type Parts, payloadOf, readParts } from './parts.ts';
import { readSession } from './session-view.ts';
import type { Findings, Subject } from './subject.ts';
import { verdictOf } from './verdict.ts';

export function explainToken(
  cookie: PastedCookie,
  cookies: readonly PastedCookie[],
  settings: Settings,
  match: FormatMatch | undefined,
): Explained {
  const parts = readParts(cookie.value);
  const format = match ?? matchByKey(parts, settings);
  const subject: Subject = { cookie, cookies, settings, format, parts, presented: presentedAs(cookie, settings) };
  const findings = find(subject);
  const checks = checksOf(subject, findings);
  const opened = openedOf(findings);
  return {
    format,
    mode: parts.mode,
    bytes: parts.bytes,
    segments: parts.segments,
    checks,
    verdict: verdictOf(subject, findings, checks, opened?.session),
    keyId: parts.keyId,
    issuedAt: parts.issuedAt,
    payload: findings.isMisnamed ? undefined : findings.opening?.payload,
    unverified: payloadOf(parts),
    opened,
  };
}

/** A value too short or too odd to be recognised by its shape, which names one of the caller's keys all the same. */
function matchByKey({ text }: Parts, settings: Settings): FormatMatch | undefined {
  const { bytes, mode } = readParts(text.replace(/[^A-Za-z0-9_-]/g, 'A'));
  const keyId = formatHex(bytes?.subarray(1, 4) ?? new Uint8Array());
  const at = settings.keys.findIndex((key) => key.keyId === keyId);
  if (at < 0) return undefined;
  const label = `Sealring token${mode === undefined ? '' : `, version 1, ${mode}`}`;
  return { id: 'sealring', label, confidence: 0.9, reasons: [`it names the key ${keyId}, which is key ${at + 1}`] };
}

/** What the caller says it is for, or else the line that it was pasted in. */
function presentedAs({ name, chunks }: PastedCookie, settings: Settings): Binding | undefined {
  const cookieName = settings.name ?? name;
  const purpose = settings.purpose ?? (cookieName === '' ? undefined : purposeOf(cookieName));
  return purpose === undefined || !purpose.isWellFormed()
    ? undefined
    : { purpose, context: settings.context ?? contextOf(chunks) };
}

function find(subject: Subject): Findings {
  const { cookie, cookies, parts, settings, presented } = subject;
  const candidates =
    parts.segments.length > 0 && parts.fault === undefined && cookie.missing.length === 0
      ? keysFor(parts, settings.keys)
      : [];
  const own = presented && tryBindings(parts, candidates, [presented], settings);
  const names = [settings.name, settings.purpose, cookie.name].filter((name) => name !== undefined);
  const guessed =
    own ??
    (candidates.length === 0
      ? undefined
      : tryBindings(parts, candidates, otherBindings(presented, names, cookies, parts.text.length), settings));
  const isMisnamed = presented !== undefined && own === undefined && guessed !== undefined;
  const content = guessed === undefined || isMisnamed ? undefined : readContent(guessed.sealer, guessed.payload);
  return { candidates, opening: guessed, isMisnamed, content };
}

function openedOf({ opening, content }: Findings): OpenedToken | undefined {
  if (opening === undefined || content === undefined || !content.ok) return undefined;
  const { payload, issuedAt, keyId, key, stale, binding } = opening;
  const { value } = content;
  return {
    value,
    payload,
    issuedAt,
    keyId,
    key,
    stale,
    purpose: binding.purpose,
    session: readSession(value, binding),
  };
}
