/** The Seal tab: a typed value, a key, a purpose and a context go in; a token, its parts, its size and its checks come out, at every change. */
import { generateKey, type Mode, parseToken, SealError } from '@sealring/codec';
import { copyOnClick, part, say } from '../dom.ts';
import { placeOf } from '../notation/place.ts';
import { NotationError } from '../notation/reader.ts';
import { parseValue } from '../notation/rich.ts';
import { checksOf } from '../token/checks.ts';
import { cookieBytes, formatCookieSize } from '../token/cookie-size.ts';
import { explain } from '../token/explain.ts';
import { partsOf } from '../token/parts.ts';
import { formatUtc } from '../token/time.ts';
import { createAnnouncer } from '../views/announcer.ts';
import { showChecks } from '../views/checks-view.ts';
import { showParts } from '../views/parts-view.ts';
import { EXAMPLES } from './examples.ts';
import { createFlips } from './flips.ts';
import { createKeyField } from './key-field.ts';
import { bindingProblem, sealerFor } from './sealer-for.ts';

/** What the Open tab needs to open a token of this one. */
export interface Handover {
  token: string;
  name: string;
  secret: string;
  purpose: string;
  context: string;
}

export interface SealPanel {
  /** Makes a new key, so that the page has something to show at once. */
  generateKey(): void;
  forgetKey(): void;
}

export function createSealPanel(root: HTMLElement, openToken: (handover: Handover) => void): SealPanel {
  const value = part(root, 'value', HTMLTextAreaElement);
  const valueMessage = part(root, 'value-message', HTMLElement);
  const goTo = part(root, 'go-to', HTMLButtonElement);
  const name = part(root, 'name', HTMLInputElement);
  const purpose = part(root, 'purpose', HTMLInputElement);
  const purposeMessage = part(root, 'purpose-message', HTMLElement);
  const context = part(root, 'context', HTMLInputElement);
  const signed = part(root, 'signed', HTMLInputElement);
  const output = part(root, 'output', HTMLElement);
  const empty = part(root, 'empty', HTMLElement);
  const openButton = part(root, 'open-it', HTMLButtonElement);
  const announce = createAnnouncer(part(root, 'announce', HTMLElement));
  const key = createKeyField(root, update);
  const flips = createFlips(root, judge);
  let mistakeAt = 0;

  function update(): void {
    const read = readValue();
    const secret = key.read()?.secret;
    const problem = bindingProblem(purpose.value, context.value);
    say(purposeMessage, problem);
    const token = read && secret && problem === '' ? seal(read.value, secret) : undefined;
    output.hidden = token === undefined;
    empty.hidden = token !== undefined;
    if (token === undefined) {
      flips.start('', []);
      announce('No token: a field needs another value.');
      return;
    }
    const parts = partsOf(parseToken(token), formatUtc);
    flips.start(token, parts);
    showParts(part(root, 'bar', HTMLElement), part(root, 'legend', HTMLElement), parts);
    judge();
  }

  function readValue(): { value: unknown } | undefined {
    try {
      const read = { value: parseValue(value.value) };
      showMistake('', undefined);
      return read;
    } catch (error) {
      if (!(error instanceof NotationError)) throw error;
      const { line, column } = placeOf(value.value, error.at);
      showMistake(`Line ${line}, column ${column}. ${error.message}.`, error.at);
      return undefined;
    }
  }

  function seal(held: unknown, secret: string): string | undefined {
    const mode: Mode = signed.checked ? 'signed' : 'sealed';
    try {
      return sealerFor(secret, purpose.value, mode).seal(held, { context: context.value });
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      showMistake(`${error.message} (${error.code}).`, undefined);
      return undefined;
    }
  }

  function showMistake(message: string, at: number | undefined): void {
    mistakeAt = at ?? 0;
    say(valueMessage, message);
    goTo.hidden = at === undefined;
    value.setAttribute('aria-invalid', String(message !== ''));
  }

  /** Opens the token as it stands, flips included, the way a server would. */
  function judge(): void {
    const secret = key.read()?.secret;
    const { token, summary } = flips;
    if (secret === undefined || token === '') return;
    const mode: Mode = signed.checked ? 'signed' : 'sealed';
    const outcome = sealerFor(secret, purpose.value, mode).safeOpen(token, { context: context.value });
    const verdict = outcome.ok
      ? `It opens.${summary === '' ? '' : ` ${summary}`}`
      : `${summary} ${explain(outcome.code).means}`.trim();
    part(root, 'result', HTMLElement).dataset['state'] = outcome.ok ? 'passed' : 'failed';
    say(part(root, 'verdict', HTMLElement), verdict);
    showChecks(part(root, 'checks', HTMLElement), checksOf(token, outcome));
    const size = showSize(token);
    announce(outcome.ok && summary === '' ? `Sealed. ${size}` : outcome.ok ? verdict : `${verdict} ${outcome.code}.`);
  }

  function showSize(token: string): string {
    const size = formatCookieSize(name.value, token);
    part(root, 'meter', HTMLMeterElement).value = cookieBytes(name.value, token);
    say(part(root, 'size', HTMLElement), size);
    return size;
  }

  for (const field of [value, purpose, context]) field.addEventListener('input', update);
  for (const field of root.querySelectorAll('input[type=radio]')) field.addEventListener('change', update);
  name.addEventListener('input', judge);
  goTo.addEventListener('click', () => {
    value.focus();
    value.setSelectionRange(mistakeAt, mistakeAt + 1);
  });
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-example]')) {
    button.addEventListener('click', () => {
      value.value = EXAMPLES[button.dataset['example'] ?? ''] ?? '';
      update();
    });
  }
  part(root, 'generate', HTMLButtonElement).addEventListener('click', useNewKey);
  copyOnClick(part(root, 'copy-key', HTMLButtonElement), () => key.text);
  part(root, 'again', HTMLButtonElement).addEventListener('click', update);
  copyOnClick(part(root, 'copy', HTMLButtonElement), () => flips.token);
  openButton.addEventListener('click', () => {
    const { token } = flips;
    openToken({ token, name: name.value, secret: key.text, purpose: purpose.value, context: context.value });
  });

  function useNewKey(): void {
    key.text = generateKey();
    update();
  }

  return {
    generateKey: useNewKey,
    forgetKey() {
      key.text = '';
      update();
    },
  };
}
