/** The fields that Open, Seal and Rotate share: name, purpose, context, clock, max age, classes and dictionary <-> the workspace. */
import { part, say } from '../dom.ts';
import { createKeysPanel } from '../keys/keys-panel.ts';
import type { Fields, Workspace } from '../workspace.ts';

/** Fields of plain text, by the attribute that marks each. */
const TEXTS = ['name', 'purpose', 'context', 'types', 'dictionary'] as const satisfies readonly (keyof Fields)[];

export function createSettings(root: HTMLElement, workspace: Workspace): void {
  const fields = TEXTS.map((name) => ({ name, field: textField(root, name) }));
  const typesMessage = part(root, 'types-message', HTMLElement);
  const dictionaryMessage = part(root, 'dictionary-message', HTMLElement);

  function draw(): void {
    const { state } = workspace;
    for (const { name, field } of fields) if (field.value !== state[name]) field.value = state[name];
    say(typesMessage, workspace.classTypes.problems.join('\n'));
    say(dictionaryMessage, workspace.dictionaryProblem);
    const { classTypes, dictionary, purpose } = workspace;
    const keys = state.keys.filter(({ secret }) => secret !== undefined);
    showState('keys', keys.length === 0 ? 'none yet' : keys.map(({ keyId }) => keyId).join(', '));
    showState('binding', purpose + (state.context === '' ? '' : ', with a context'));
    const counts = [count(classTypes.fields.size, 'class', 'classes'), count(dictionary.length, 'name', 'names')];
    showState('classes', counts.filter((text) => text !== '').join(', '));
  }

  function showState(name: string, text: string): void {
    part(root, `${name}-state`, HTMLElement).textContent = text;
  }

  for (const { name, field } of fields) field.addEventListener('input', () => workspace.set({ [name]: field.value }));
  // Folded where all of it would push the results off a small screen. What is in it comes with the second script.
  part(root, 'clock-panel', HTMLDetailsElement).open = matchMedia('(min-width: 64rem)').matches;
  createKeysPanel(part(root, 'keys', HTMLElement), workspace);
  workspace.subscribe(draw);
  draw();
}

function textField(root: HTMLElement, name: string): HTMLInputElement | HTMLTextAreaElement {
  const field = part(root, `field-${name}`, HTMLElement);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) return field;
  throw new TypeError(`The page expected a text field for ${name}`);
}

const count = (number: number, one: string, many: string) =>
  number === 0 ? '' : `${number} ${number === 1 ? one : many}`;
