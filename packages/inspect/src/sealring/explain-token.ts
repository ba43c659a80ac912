/** A value -> its explanation as a Sealring token: cuts it, tries the keys, tries other names, reads the payload, makes the checks. FORMAT.md §3. */

import { bindingOf, cookiePurpose } from '@sealring/wire';
import type { FormatMatch, OpenedToken, PastedCookie } from '../explanation.ts';
import type { Explained, Pasted } from '../format.ts';
import type { Settings } from '../options.ts';
import { formatHex } from '../text.ts';
import { keysFor, readContent, tryBindings } from './attempt.ts';
import { type Binding, otherBindings } from './bindings.ts';
import { checksOf } from './checks.ts';
import { type Parts, payloadOf, readParts } from './parts.ts';
import { readSession } from './session-view.ts';
import type { Findings, Subject } from './subject.ts';
import { verdictOf } from './verdict.ts';

export function explainToken(
  cookie: PastedCookie,
  { cookies, hosts }: Pasted,
  settings: Settings,
  match: FormatMatch | undefined,
): Explained {
  const parts = readParts(cookie.value);
  const format = match ?? matchByKey(parts, settings);
  const tenants = settings.tenant === undefined ? hosts : [settings.tenant];
  const presented = presentedAs(cookie, settings);
  const subject: Subject = { cookie, cookies, tenants, settings, format, parts, presented };
  const findings = find(subject);
  const checks = checksOf(subject, findings);
  const opened = openedOf(findings);
  return {
    format,
    mode: parts.mode,
    bytes: parts.bytes,
    segments: parts.segments,
    checks,
    verdict: verdictOf(subject, findings, checks),
    keyId: parts.keyId,
    issuedAt: parts.issuedAt,
    payload: findings.isMisnamed ? undefined : findings.opening?.payload,
    unverified: payloadOf(parts),
    opened,
  };
}

/** Recognises a token that its shape does not reveal, for example a cut one, by the id of one of the caller's keys. */
function matchByKey({ text }: Parts, settings: Settings): FormatMatch | undefined {
  const { bytes, mode } = readParts(text.replace(/[^A-Za-z0-9_-]/g, 'A'));
  const keyId = formatHex(bytes?.subarray(1, 4) ?? new Uint8Array());
  const at = settings.keys.findIndex((key) => key.keyId === keyId);
  if (at < 0) return undefined;
  const label = `Sealring token${mode === undefined ? '' : `, version 1, ${mode}`}`;
  return { id: 'sealring', label, confidence: 0.9, reasons: [`it names the key ${keyId}, which is key ${at + 1}`] };
}

/** What the token is for, as the caller says; otherwise as the pasted line says. */
function presentedAs({ name, chunks }: PastedCookie, settings: Settings): Binding | undefined {
  const cookieName = settings.name ?? name;
  const purpose = settings.purpose ?? (cookieName === '' ? undefined : cookiePurpose(cookieName));
  return purpose === undefined || !purpose.isWellFormed()
    ? undefined
    : { purpose, context: settings.context ?? bindingOf(chunks, settings.tenant) };
}

/** If the caller gives neither tenant nor context: the same with each host in the text as the tenant. */
function presentedAtHosts({ cookie, tenants, settings }: Subject, { purpose }: Binding): Binding[] {
  if (settings.purpose !== undefined || settings.context !== undefined || settings.tenant !== undefined) return [];
  return tenants.map((tenant) => ({ purpose, context: bindingOf(cookie.chunks, tenant) }));
}

function find(subject: Subject): Findings {
  const { cookie, cookies, tenants, parts, settings, presented } = subject;
  const candidates =
    parts.segments.length > 0 && parts.fault === undefined && cookie.missing.length === 0
      ? keysFor(parts, settings.keys)
      : [];
  const own =
    presented && tryBindings(parts, candidates, [presented, ...presentedAtHosts(subject, presented)], settings);
  const names = [settings.name, settings.purpose, cookie.name].filter((name) => name !== undefined);
  const guessed =
    own ??
    (candidates.length === 0
      ? undefined
      : tryBindings(parts, candidates, otherBindings(presented, names, tenants, cookies, parts.text.length), settings));
  const isMisnamed = presented !== undefined && own === undefined && guessed !== undefined;
  const content = guessed === undefined || isMisnamed ? undefined : readContent(guessed.sealer, guessed.payload);
  const session = content?.ok && guessed ? readSession(content.value, guessed.binding) : undefined;
  return { candidates, opening: guessed, isMisnamed, content, session };
}

function openedOf({ opening, content, session }: Findings): OpenedToken | undefined {
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
    ...binding,
    session,
  };
}
