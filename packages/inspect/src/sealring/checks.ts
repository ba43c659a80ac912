/** A token and the findings about it -> the checks in their order, each passed, failed or not reached. FORMAT.md §3. */

import { isFault, readHead } from '../cbor/heads.ts';
import { TEMPORAL_TAGS } from '../cbor/temporal.ts';
import type { Check, CheckId } from '../explanation.ts';
import { count, join } from '../text.ts';
import { checkAge } from './age.ts';
import type { Opening } from './attempt.ts';
import { describeBinding } from './bindings.ts';
import { START } from './parts.ts';
import { checkStructure, checkVersion } from './structure.ts';
import type { Findings, Outcome, Subject } from './subject.ts';

type Step = (subject: Subject, findings: Findings) => Outcome;

const STEPS: readonly (readonly [CheckId, string, Step])[] = [
  ['structure', 'Well formed', checkStructure],
  ['version', 'Known version', checkVersion],
  ['key', 'Known key', checkKey],
  ['integrity', 'Not changed', checkIntegrity],
  ['name', 'Right cookie name', checkName],
  ['age', 'Not expired', checkAge],
  ['payload', 'Readable payload', checkPayload],
];

export function checksOf(subject: Subject, findings: Findings): Check[] {
  let isOver = false;
  return STEPS.map(([id, title, step]) => {
    const outcome: Outcome = isOver ? { state: 'open' } : step(subject, findings);
    isOver ||= outcome.state !== 'passed';
    const base = {
      id,
      title,
      found: '',
      cause: undefined,
      hint: undefined,
      code: undefined,
      range: undefined,
      characters: undefined,
    };
    return outcome.state === 'open' ? { ...base, state: 'not reached' as const } : { ...base, ...outcome };
  });
}

function checkKey({ parts, settings }: Subject, { candidates }: Findings): Outcome {
  const range = { from: 1, to: 4 };
  if (settings.keys.length === 0) return { state: 'open' };
  if (candidates.length > 0) {
    const which = candidates.map((at) => `key ${at + 1}`).join(' and ');
    return { state: 'passed', found: `key id ${parts.keyId}, which is ${which}`, range };
  }
  const tried = settings.keys.map(({ keyId }, at) => `${keyId} (key ${at + 1})`);
  return {
    state: 'failed',
    found: `key id ${parts.keyId}; tried ${join(tried)}`,
    cause: 'It was made with another key: one of another environment, or one that was removed. Or the id was changed.',
    hint: `Add the key with the id ${parts.keyId}. Keep an old key in the list until its last token has expired.`,
    code: 'ERR_SEAL_KEY_UNKNOWN',
    range,
  };
}

function checkIntegrity({ parts, presented }: Subject, { opening }: Findings): Outcome {
  const length = parts.bytes?.length ?? 0;
  const tag = parts.mode === 'signed' ? 'MAC' : 'tag';
  if (opening !== undefined)
    return { state: 'passed', found: `the ${tag} fits all ${count(length, 'byte')}`, range: { from: 0, to: length } };
  if (presented === undefined) return { state: 'open' };
  return {
    state: 'failed',
    found: `the ${tag} does not fit ${describeBinding(presented)}, nor the other names that were tried`,
    cause: 'The token was changed, or made for another name, purpose, tenant or context.',
    hint: 'Copy the value again, and compare name, tenant and context letter by letter.',
    code: 'ERR_SEAL_TAMPERED',
    range: { from: 0, to: length },
  };
}

function checkName({ presented, settings }: Subject, { opening, isMisnamed }: Findings): Outcome {
  if (opening === undefined) return { state: 'open' };
  const isSamePurpose = opening.binding.purpose === presented?.purpose;
  const isBare = isSamePurpose && opening.binding.context === undefined && presented.context !== undefined;
  const sealedFor = `${describeBinding(opening.binding)}${isBare ? ' without a context' : ''}`;
  if (!isMisnamed || presented === undefined) {
    const found =
      presented === undefined ? `sealed for ${sealedFor}, a name that was guessed` : `sealed for ${sealedFor}`;
    return { state: 'passed', found, range: undefined };
  }
  const bySplit = isSamePurpose && settings.purpose === undefined && !isBare;
  return {
    state: 'failed',
    found: `sealed for ${sealedFor}, presented as ${describeBinding(presented)}`,
    cause:
      'The key is right and nothing was changed. But a token opens only with the name, purpose and context that it was sealed with.',
    hint: bySplit
      ? 'Paste the whole Cookie header, or give the tenant or context that it was sealed with.'
      : `Present it as ${sealedFor}.`,
    code: 'ERR_SEAL_TAMPERED',
    range: undefined,
  };
}

function checkPayload({ parts }: Subject, { opening, content }: Findings): Outcome {
  const from = START[parts.mode ?? 'sealed'];
  const range = { from, to: from + (opening?.payload.length ?? 0) };
  if (content === undefined) return { state: 'open' };
  if (content.ok) return { state: 'passed', found: `${count(opening?.payload.length ?? 0, 'byte')} of CBOR`, range };
  const at = content.offset === undefined ? range : { from: from + content.offset, to: from + content.offset + 1 };
  const reason = content.code === 'ERR_SEAL_TYPE_UNKNOWN' ? CLASS : isOptIn(opening, content.offset) ? OPT_IN : FOREIGN;
  return {
    state: 'failed',
    // The codec counts from the payload's first byte, the range from the token's.
    found: content.message.replace(/^Cannot read payload: /, '').replace(/ at byte \d+$/, '$& of the payload'),
    ...reason,
    code: content.code,
    range: at,
  };
}

const CLASS = {
  cause: 'It is genuine, but contains an object of a class that is not registered here.',
  hint: 'Open it where the class is registered.',
};
const OPT_IN = {
  cause: 'It is genuine, but contains a Temporal value, which a reader rejects unless it opts in.',
  hint: 'Open it where temporalTypes are registered.',
};
const FOREIGN = {
  cause: 'It is genuine, but was made by another implementation, or with a dictionary that was not given here.',
  hint: 'Give the dictionary that it was made with, if there is one.',
};

/** Whether reading stopped at a tag for Temporal. */
function isOptIn(opening: Opening | undefined, offset: number | undefined): boolean {
  if (opening === undefined || offset === undefined) return false;
  const head = readHead(opening.payload, offset);
  return !isFault(head) && head.major === 6 && TEMPORAL_TAGS.has(Number(head.argument));
}
