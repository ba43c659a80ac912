/** The keys panel: a row for each key, kept as it is while its key changes, so that typing and focus go on. */
import { generateKey } from '@sealring/codec';
import { copyOnClick, part, say } from '../dom.ts';
import type { Workspace } from '../workspace.ts';
import { DEMO_KEYS } from './demo-keys.ts';
import { KEY_ENCODINGS } from './encodings.ts';
import type { Key } from './keyring.ts';

interface Row {
  readonly element: HTMLElement;
  show(key: Key, at: number, count: number, isOpener: boolean): void;
}

export function createKeysPanel(root: HTMLElement, workspace: Workspace): void {
  const list = part(root, 'key-rows', HTMLElement);
  const template = part(root, 'key-row', HTMLTemplateElement);
  const add = part(root, 'add-key', HTMLButtonElement);
  const rows = new Map<number, Row>();
  const { keyring } = workspace;

  function draw(): void {
    const { keys, shown } = workspace.state;
    for (const [row, { element }] of rows) {
      if (keys.some((key) => key.row === row)) continue;
      element.remove();
      rows.delete(row);
    }
    keys.forEach((key, at) => {
      const row = rows.get(key.row) ?? createRow(template, key.row, workspace, remove);
      rows.set(key.row, row);
      // Moving an element takes the focus from it, so one that stands right stays.
      if (list.children[at] !== row.element) list.insertBefore(row.element, list.children[at] ?? null);
      row.show(key, at, keys.length, shown.openedBy === key.row);
    });
  }

  function focusRow(row: number): void {
    const element = rows.get(row)?.element;
    if (element) part(element, 'key', HTMLInputElement).focus();
  }

  /** The focus goes to the row that takes the place, or to what adds one there. */
  function remove(row: number): void {
    const at = keyring.keys.findIndex((key) => key.row === row);
    keyring.remove(row);
    const next = keyring.keys[at];
    if (next) focusRow(next.row);
    else add.focus();
  }

  add.addEventListener('click', () => focusRow(keyring.add()));
  part(root, 'new-key', HTMLButtonElement).addEventListener('click', () =>
    focusRow(keyring.add({ text: generateKey(), label: 'new' })),
  );
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-demo-key]')) {
    const id = button.dataset['demoKey'] ?? '';
    button.addEventListener('click', () => keyring.add({ text: DEMO_KEYS.get(id) ?? '', label: id }));
  }
  workspace.subscribe((_, changed) => {
    if (changed.has('keys') || changed.has('shown')) draw();
  });
  list.replaceChildren(); // the place of the first row
  draw();
}

function createRow(
  template: HTMLTemplateElement,
  row: number,
  { keyring }: Workspace,
  onRemove: (row: number) => void,
): Row {
  const element = document.importNode(template.content, true).firstElementChild;
  if (!(element instanceof HTMLElement)) throw new TypeError('The page expected an element in the template of a key');
  const label = part(element, 'label', HTMLInputElement);
  const input = part(element, 'key', HTMLInputElement);
  const encoding = part(element, 'encoding', HTMLSelectElement);
  const reveal = part(element, 'reveal', HTMLButtonElement);
  const copy = part(element, 'copy-key', HTMLButtonElement);
  const first = part(element, 'first', HTMLButtonElement);
  const remove = part(element, 'remove', HTMLButtonElement);
  const id = part(element, 'key-id', HTMLElement);
  const message = part(element, 'key-message', HTMLElement);
  const opener = part(element, 'opener', HTMLElement);
  message.id = `key-${row}-message`;
  id.id = `key-${row}-id`;
  input.setAttribute('aria-describedby', `${message.id} ${id.id}`);

  label.addEventListener('input', () => keyring.set(row, { label: label.value }));
  input.addEventListener('input', () => keyring.set(row, { text: input.value }));
  encoding.addEventListener('change', () => {
    const chosen = KEY_ENCODINGS.find((name) => name === encoding.value);
    if (chosen) keyring.set(row, { encoding: chosen });
  });
  reveal.addEventListener('click', () => {
    const isShown = input.type === 'password';
    input.type = isShown ? 'text' : 'password';
    reveal.setAttribute('aria-pressed', String(isShown));
  });
  copyOnClick(copy, () => input.value);
  first.addEventListener('click', () => {
    keyring.move(row, 0);
    input.focus();
  });
  remove.addEventListener('click', () => onRemove(row));

  return {
    element,
    show(key, at, count, isOpener) {
      const name = `key ${at + 1}`;
      if (label.value !== key.label) label.value = key.label;
      if (input.value !== key.text) input.value = key.text;
      encoding.value = key.encoding;
      for (const [control, what] of [
        [label, 'Label of'],
        [encoding, 'Encoding of'],
        [reveal, 'Show'],
        [first, 'Move up to first:'],
        [remove, 'Remove'],
      ] as const) {
        control.setAttribute('aria-label', `${what} ${name}`);
      }
      input.setAttribute('aria-label', `Key ${at + 1}`);
      input.setAttribute('aria-invalid', String(key.problem !== ''));
      part(element, 'number', HTMLElement).textContent = String(at + 1);
      part(copy, 'copied-key', HTMLElement).textContent = ` ${name}`;
      copy.disabled = key.text === '';
      first.disabled = at === 0;
      remove.disabled = count === 1 && key.text === '';
      say(message, key.problem);
      id.textContent = key.keyId === undefined ? '' : `id ${key.keyId}: ${at === 0 ? 'seals and opens' : 'opens'}`;
      opener.hidden = !isOpener;
    },
  };
}
