/** The big field, what was taken out of it, the choice among several cookies. */
import type { Explanation } from '@sealring/inspect';
import { make, part, say } from '../dom.ts';
import type { Workspace } from '../workspace.ts';

const MOST_CHOICES = 200; // of a header that somebody made long on purpose

export interface PastePanel {
  show(explanation: Explanation | undefined): void;
}

export function createPastePanel(root: HTMLElement, workspace: Workspace): PastePanel {
  const pasted = part(root, 'pasted', HTMLTextAreaElement);
  const note = part(root, 'note', HTMLElement);
  const choice = part(root, 'choice', HTMLSelectElement);
  const choiceRow = part(root, 'choice-row', HTMLElement);
  let listed = '';

  pasted.addEventListener('input', () => workspace.set({ input: pasted.value, cookie: -1 }));
  choice.addEventListener('change', () => workspace.set({ cookie: Number(choice.value) }));

  return {
    show(explanation) {
      if (pasted.value !== workspace.state.input) pasted.value = workspace.state.input;
      const cookies = explanation?.cookies ?? [];
      say(note, explanation?.note ?? '');
      choiceRow.hidden = cookies.length < 2;
      const chosen = explanation?.chosen ?? -1;
      const options = cookies.flatMap(({ name, format }, at) =>
        at < MOST_CHOICES || at === chosen ? [{ at, label: `${name}${format ? ` – ${format.label}` : ''}` }] : [],
      );
      const list = JSON.stringify(options);
      if (list !== listed) {
        listed = list;
        choice.replaceChildren(...options.map(({ at, label }) => make('option', { value: String(at) }, label)));
      }
      choice.value = String(chosen);
    },
  };
}
