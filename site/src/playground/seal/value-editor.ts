/** A field for typed values -> the value, or a message with line and column and a button that goes there. */
import { part, say } from '../dom.ts';
import { parseValue } from '../notation/parse-value.ts';
import { placeOf } from '../notation/place.ts';
import { NotationError } from '../notation/reader.ts';
import type { ClassTypes } from '../types/class-types.ts';

export interface ValueEditor {
  text: string;
  /** @returns undefined where the text is no value; then the field says why. */
  read(types: ClassTypes): { readonly value: unknown } | undefined;
  /** A mistake that no place in the text can be named for; empty: none. */
  complain(message: string): void;
}

/** @param root holds `data-text`, `data-mistake` and `data-go-to`. */
export function createValueEditor(root: HTMLElement, onInput: () => void): ValueEditor {
  const field = part(root, 'text', HTMLTextAreaElement);
  const mistake = part(root, 'mistake', HTMLElement);
  const goTo = part(root, 'go-to', HTMLButtonElement);
  let mistakeAt = 0;

  function show(message: string, at: number | undefined): void {
    mistakeAt = at ?? 0;
    say(mistake, message);
    goTo.hidden = at === undefined;
    field.setAttribute('aria-invalid', String(message !== ''));
  }

  field.addEventListener('input', onInput);
  goTo.addEventListener('click', () => {
    field.focus();
    field.setSelectionRange(mistakeAt, mistakeAt + 1);
  });

  return {
    get text() {
      return field.value;
    },
    set text(text) {
      field.value = text;
    },
    read(types) {
      try {
        const read = { value: parseValue(field.value, types) };
        show('', undefined);
        return read;
      } catch (error) {
        if (!(error instanceof NotationError)) throw error;
        const { line, column } = placeOf(field.value, error.at);
        show(`Line ${line}, column ${column}. ${error.message}.`, error.at);
        return undefined;
      }
    },
    complain: (message) => show(message, undefined),
  };
}
