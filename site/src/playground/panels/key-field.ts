/** The field for a key -> a key that the codec accepts, or a message. The key stays in this field's memory and goes nowhere else. */
import { createSealer, parseToken } from '@sealring/codec';
import { part, say } from '../dom.ts';
import { hex } from '../token/parts.ts';

export interface KeyField {
  /** What is typed, whether it is a key or not. */
  text: string;
  /** The key, or undefined where the text is none; then the field says why. */
  read(): Key | undefined;
}

interface Key {
  secret: string;
  /** 6 hexadecimal digits: what tokens of this key show. */
  id: string;
}

export function createKeyField(root: ParentNode, onChange: () => void): KeyField {
  const input = part(root, 'key', HTMLInputElement);
  const reveal = part(root, 'reveal', HTMLButtonElement);
  const message = part(root, 'key-message', HTMLElement);
  const id = part(root, 'key-id', HTMLElement);
  let known: (Key & { text: string }) | undefined; // typing elsewhere asks for the key again

  reveal.addEventListener('click', () => {
    const isShown = input.type === 'password';
    input.type = isShown ? 'text' : 'password';
    reveal.setAttribute('aria-pressed', String(isShown));
  });
  input.addEventListener('input', onChange);

  return {
    get text() {
      return input.value;
    },
    set text(text) {
      input.value = text;
    },
    read() {
      const text = input.value.trim();
      if (known?.text !== text) known = undefined;
      const problem = text === '' || known ? '' : problemWith(text);
      if (text !== '' && problem === '') known ??= { text, secret: text, id: idOf(text) };
      say(message, problem);
      say(id, known ? `Key id ${known.id}` : '');
      input.setAttribute('aria-invalid', String(problem !== ''));
      return known;
    },
  };
}

function problemWith(secret: string): string {
  try {
    createSealer({ keys: [secret], purpose: 'check' });
    return '';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.replace(/^"keys\[0\]"/, 'This field');
  }
}

const idOf = (secret: string) => hex(parseToken(createSealer({ keys: [secret], purpose: 'check' }).seal(0)).keyId);
