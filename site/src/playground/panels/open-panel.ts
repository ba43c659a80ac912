/** The Open tab: a pasted token or cookie line, a key and what the token is bound to go in; its parts, its checks and its value come out. */
import { parseToken, SealError, type Token } from '@sealring/codec';
import { make, part, say } from '../dom.ts';
import type { Outcome } from '../token/checks.ts';
import { type Candidate, readPasted } from '../token/cookie-line.ts';
import { formatCookieSize } from '../token/cookie-size.ts';
import { createAnnouncer } from '../views/announcer.ts';
import { showOpened } from '../views/opened-view.ts';
import { createClock } from './clock.ts';
import { createKeyField } from './key-field.ts';
import type { Handover } from './seal-panel.ts';
import { bindingProblem, openerFor } from './sealer-for.ts';

export interface OpenPanel {
  /** Fills the fields that are given; the others keep what they hold. */
  fill(fields: Partial<Handover>): void;
  forgetKey(): void;
}

export function createOpenPanel(root: HTMLElement): OpenPanel {
  const pasted = part(root, 'pasted', HTMLTextAreaElement);
  const note = part(root, 'note', HTMLElement);
  const choice = part(root, 'choice', HTMLSelectElement);
  const purpose = part(root, 'purpose', HTMLInputElement);
  const purposeMessage = part(root, 'purpose-message', HTMLElement);
  const context = part(root, 'context', HTMLInputElement);
  const output = part(root, 'output', HTMLElement);
  const empty = part(root, 'empty', HTMLElement);
  const announce = createAnnouncer(part(root, 'announce', HTMLElement));
  const key = createKeyField(root, update);
  const clock = createClock(root, update);
  let candidates: readonly Candidate[] = [];
  let suggested = ''; // the purpose that this page wrote itself, and may write over

  /** New text in the big field: which cookies are in it, and what they are probably for. */
  function readText(): void {
    const read = readPasted(pasted.value);
    candidates = read?.candidates ?? [];
    say(note, read?.note ?? '');
    choice.replaceChildren(...candidates.map(({ name }, at) => make('option', { value: String(at) }, name)));
    part(root, 'choice-row', HTMLElement).hidden = candidates.length < 2;
    suggestPurpose(candidates[0]?.name ?? '');
    update();
  }

  function suggestPurpose(name: string): void {
    if (name === '' || (purpose.value !== '' && purpose.value !== suggested)) return;
    purpose.value = suggested = `cookie:${name}`;
  }

  function update(): void {
    const { token: text, name = '' } = candidates[Number(choice.value)] ?? candidates[0] ?? {};
    const known = key.read();
    const problem = text !== undefined && known ? bindingProblem(purpose.value, context.value) : '';
    say(purposeMessage, problem);
    output.hidden = text === undefined;
    empty.hidden = text !== undefined;
    if (text === undefined) {
      announce('');
      return;
    }
    const { token, refused } = cut(text);
    const secret = problem === '' ? known?.secret : undefined;
    const { now, maxAge } = clock.read();
    const options = { now, context: context.value, ...(maxAge === undefined ? {} : { maxAge }) };
    const opened = secret === undefined ? refused : openerFor(secret, purpose.value).safeOpen(text, options);
    announce(showOpened(root, { text, token, outcome: opened, keyId: known?.id, now, maxAge }));
    say(part(root, 'size', HTMLElement), name === '' ? '' : formatCookieSize(name, text));
  }

  pasted.addEventListener('input', readText);
  choice.addEventListener('change', () => {
    suggestPurpose(candidates[Number(choice.value)]?.name ?? '');
    update();
  });
  for (const field of [purpose, context]) field.addEventListener('input', update);
  readText();

  return {
    fill({ token, name, secret, purpose: its, context: bound }) {
      if (secret !== undefined) key.text = secret;
      if (bound !== undefined) context.value = bound;
      if (token !== undefined) pasted.value = token;
      if (its !== undefined) purpose.value = its;
      else if (name) purpose.value = suggested = `cookie:${name}`;
      readText();
    },
    forgetKey() {
      key.text = '';
      update();
    },
  };
}

/** The parts as far as they can be told without a key. */
function cut(text: string): { token?: Token; refused?: Outcome } {
  try {
    return { token: parseToken(text) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const { code, message, offset } = error;
    return { refused: { ok: false, code, message, offset } };
  }
}
