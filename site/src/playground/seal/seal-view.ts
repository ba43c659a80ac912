/** The Seal view: typed values and the shared fields go in; a token, its parts, its size and its Set-Cookie line come out, at every change. */
import { generateKey, type Mode } from '@sealring/codec';
import { explain } from '@sealring/inspect';
import { decodeRecord, valuesToObject } from '@sealring/wire';
import { createCodePanel } from '../code/code-panel.ts';
import { copyOnClick, make, part, say } from '../dom.ts';
import { formatValue } from '../notation/format-value.ts';
import { showSize } from '../size/size-view.ts';
import { partsOf } from '../token/parts.ts';
import { createAnnouncer } from '../views/announcer.ts';
import { showParts } from '../views/parts-view.ts';
import { showToken } from '../views/token-view.ts';
import type { State, View, Workspace } from '../workspace.ts';
import { EXAMPLES } from './examples.ts';
import { type Draft, type Sealed, sealDraft } from './sealing.ts';
import { createSessionFields } from './session-fields.ts';
import { nameProblem, setCookieLine } from './set-cookie.ts';
import { createValueEditor } from './value-editor.ts';

const DEFAULT_NAME = '__Host-session';

/** What of the shared fields a token is made of. */
const INPUTS: ReadonlySet<keyof State> = new Set<keyof State>([
  ...(['keys', 'name', 'purpose', 'context', 'clock', 'maxAge', 'types', 'dictionary'] as const),
]);

export function createSealView(root: HTMLElement, workspace: Workspace): View {
  const asSession = part(root, 'as-session', HTMLInputElement);
  const signed = part(root, 'signed', HTMLInputElement);
  const line = part(root, 'line', HTMLElement);
  const announce = createAnnouncer(part(root, 'announce', HTMLElement));
  const editor = createValueEditor(part(root, 'value-editor', HTMLElement), update);
  const fields = createSessionFields(part(root, 'session-fields', HTMLElement), update);
  const facts = () => ({
    holds: asSession.checked ? ('session' as const) : ('value' as const),
    isSigned: signed.checked,
    chunks: sealed?.size.chunks ?? 1,
  });
  let sealed: Sealed | undefined;
  const code = createCodePanel(root, workspace, facts);

  function update(): void {
    const isSession = asSession.checked;
    part(root, 'session-fields', HTMLElement).hidden = !isSession;
    say(part(root, 'value-label', HTMLElement), isSession ? 'Values' : 'Value');
    const content = readContent(isSession);
    const missing = missingField();
    sealed = content && missing === '' ? seal(content) : undefined;
    showMissing(missing || 'No token yet: see the message below the value.');
    if (sealed) show(sealed);
    else announce(missing || 'No token: a field needs another value.');
    code.draw();
  }

  function readContent(isSession: boolean): Draft['content'] | undefined {
    const types = workspace.classTypes;
    const read = editor.read(types);
    if (read === undefined || !isSession) return read;
    const { value } = read;
    if (!isBag(value)) {
      editor.complain(
        'A session holds values by name: expected an object, or {"$map": […]} for keys that are no texts.',
      );
      return undefined;
    }
    const session = fields.read(value, types, workspace.now);
    return session && { session };
  }

  function missingField(): string {
    if (workspace.secrets.length === 0) return 'A key is needed to seal with.';
    return workspace.purpose === '' ? 'A cookie name is needed, or a purpose: what the token is for.' : '';
  }

  function seal(content: Draft['content']): Sealed | undefined {
    const { secrets, purpose, now, types, dictionary } = workspace;
    const { name, context } = workspace.state;
    const mode: Mode = signed.checked ? 'signed' : 'sealed';
    const result = sealDraft({
      secret: secrets[0] ?? '',
      mode,
      purpose,
      context,
      now,
      types,
      dictionary,
      name,
      content,
    });
    if (typeof result !== 'string') return result;
    editor.complain(result);
    return undefined;
  }

  function showMissing(sentence: string): void {
    part(root, 'output', HTMLElement).hidden = sealed === undefined;
    part(root, 'empty', HTMLElement).hidden = sealed !== undefined;
    say(part(root, 'missing', HTMLElement), sentence);
    part(root, 'offer-key', HTMLElement).hidden = workspace.secrets.length > 0;
    if (sealed) return;
    for (const name of ['token', 'bar', 'legend', 'largest-keys', 'line'])
      part(root, name, HTMLElement).replaceChildren();
  }

  function show({ token, size, largest }: Sealed): void {
    const { name } = workspace.state;
    const parts = partsOf(explain(token).segments);
    showToken(part(root, 'token', HTMLElement), { token, parts, flipped: new Set(), cursor: undefined });
    showParts(part(root, 'bar', HTMLElement), part(root, 'legend', HTMLElement), parts);
    const sentence = showSize(root, size);
    part(root, 'largest', HTMLElement).hidden = largest.length === 0;
    part(root, 'largest-keys', HTMLElement).replaceChildren(
      ...largest.map(({ key, bytes }) => make('li', {}, make('code', {}, key), ` ${bytes.toLocaleString('en')} bytes`)),
    );
    const problem = nameProblem(name);
    say(part(root, 'name-message', HTMLElement), problem);
    const isCookie = name !== '' && problem === '' && !size.isDropped;
    part(root, 'line-row', HTMLElement).hidden = !isCookie;
    line.textContent = isCookie
      ? setCookieLine(name, token, asSession.checked ? fields.maxAge : workspace.state.maxAge)
      : '';
    announce(`Sealed. ${sentence}`);
  }

  function start({ value, flashes, types }: (typeof EXAMPLES)[string]): void {
    editor.text = value;
    fields.start(flashes);
    if (types !== undefined && !workspace.state.types.includes(types)) {
      workspace.set({ types: [workspace.state.types.trim(), types].filter(Boolean).join('\n') });
    }
    update();
  }

  for (const radio of root.querySelectorAll('input[type=radio]')) radio.addEventListener('change', update);
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-example]')) {
    const example = EXAMPLES[button.dataset['example'] ?? ''];
    if (example) button.addEventListener('click', () => start(example));
  }
  part(root, 'make-key', HTMLButtonElement).addEventListener('click', () => {
    workspace.keyring.add({ text: generateKey() });
    const key = [...root.querySelectorAll<HTMLElement>('[data-key]')].at(-1);
    key?.closest('details')?.setAttribute('open', '');
    key?.focus(); // the button is not needed any more, and not there
  });
  part(root, 'again', HTMLButtonElement).addEventListener('click', update);
  copyOnClick(part(root, 'copy', HTMLButtonElement), () => sealed?.token ?? '');
  copyOnClick(part(root, 'copy-line', HTMLButtonElement), () => line.textContent ?? '');
  part(root, 'open-it', HTMLButtonElement).addEventListener('click', () => {
    if (sealed) workspace.handover('open', { input: sealed.token });
  });
  workspace.subscribe(({ view }, changed) => {
    if (view === 'seal' && [...changed].some((name) => INPUTS.has(name))) update();
  });
  workspace.onHandover('seal', ({ value, mode, session }) => {
    const record = session?.kind === 'session' ? decodeRecord(value) : undefined;
    if (record) fields.fill(record, workspace.classTypes);
    part(root, record ? 'as-session' : 'as-value', HTMLInputElement).checked = true;
    part(root, mode, HTMLInputElement).checked = true;
    editor.text = formatValue(
      record ? (valuesToObject(record.contents.values) ?? record.contents.values) : value,
      workspace.classTypes,
    );
    update();
  });

  return {
    show() {
      workspace.suggestName(DEFAULT_NAME);
      update();
    },
    forget() {
      sealed = undefined;
      start({ value: '{}', flashes: '' });
    },
  };
}

/** What can hold a session's values. */
function isBag(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;
}
