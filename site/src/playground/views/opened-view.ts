/** What became of a pasted token -> the results of the Open tab: verdict, value or readable payload, checks and parts. */
import type { Token } from '@sealring/codec';
import { make, part, say } from '../dom.ts';
import { formatValue } from '../notation/rich.ts';
import { checksOf, type Outcome } from '../token/checks.ts';
import { partsOf } from '../token/parts.ts';
import { formatInstant } from '../token/time.ts';
import { type Circumstances, verdictOf } from '../token/verdict.ts';
import { formatBytes } from './bytes-view.ts';
import { showChecks } from './checks-view.ts';
import { showParts } from './parts-view.ts';
import { showToken } from './token-view.ts';

interface Attempt extends Circumstances {
  text: string;
  /** Undefined where the text could not be cut into parts. */
  token: Token | undefined;
  /** Undefined where there was nothing to open it with. */
  outcome: Outcome | undefined;
}

/** @returns the result in one sentence, to be read out. */
export function showOpened(root: HTMLElement, attempt: Attempt): string {
  const { text, token, outcome, now } = attempt;
  const { state, headline, details } = verdictOf(token, outcome, attempt);
  part(root, 'result', HTMLElement).dataset['state'] = state;
  say(part(root, 'verdict', HTMLElement), headline);
  part(root, 'details', HTMLElement).replaceChildren(...details.map((sentence) => make('p', {}, sentence)));
  showValue(root, outcome);
  showUnverified(root, token, outcome);
  showChecks(part(root, 'checks', HTMLElement), checksOf(text, outcome));
  const parts = token ? partsOf(token, (seconds) => formatInstant(seconds, now)) : [];
  showToken(part(root, 'token', HTMLElement), { token: text, parts, flipped: new Set(), cursor: undefined });
  showParts(part(root, 'bar', HTMLElement), part(root, 'legend', HTMLElement), parts);
  return outcome?.ok === false ? `${headline} ${outcome.code}.` : headline;
}

function showValue(root: HTMLElement, outcome: Outcome | undefined): void {
  const isOpen = outcome?.ok === true;
  part(root, 'opened', HTMLElement).hidden = !isOpen;
  part(root, 'opened-value', HTMLElement).textContent = isOpen ? formatValue(outcome.value) : '';
}

/** The payload of a signed token that did not open: anyone can read it, so it is shown, and called what it is. */
function showUnverified(root: HTMLElement, token: Token | undefined, outcome: Outcome | undefined): void {
  const payload = token?.mode === 'signed' && !outcome?.ok ? token.payload : undefined;
  part(root, 'unverified', HTMLElement).hidden = payload === undefined;
  part(root, 'unverified-bytes', HTMLElement).textContent = payload ? formatBytes(payload) : '';
}
