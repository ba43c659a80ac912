/** A token, a slider, a button and clicks on the token -> the token with some characters changed. */
import { part, say } from '../dom.ts';
import { differences, flipCharacter } from '../token/flip.ts';
import { alsoIn, type Part, partAt } from '../token/parts.ts';
import { onPick, showToken } from '../views/token-view.ts';

export interface Flips {
  /** The token as it stands now. */
  readonly token: string;
  /** What was changed, in words; empty where nothing is. */
  readonly summary: string;
  /** Begins anew with another token. */
  start(token: string, parts: readonly Part[]): void;
}

export function createFlips(root: ParentNode, onChange: () => void): Flips {
  const view = part(root, 'token', HTMLElement);
  const slider = part(root, 'position', HTMLInputElement);
  const where = part(root, 'position-text', HTMLElement);
  const flipButton = part(root, 'flip', HTMLButtonElement);
  const undoButton = part(root, 'unflip', HTMLButtonElement);
  let original = '';
  let token = '';
  let parts: readonly Part[] = [];

  function flip(at: number): void {
    if (token === '') return;
    token = flipCharacter(token, at);
    slider.value = String(at + 1);
    draw();
    onChange();
  }

  function draw(): void {
    const cursor = slider.valueAsNumber - 1;
    const flipped = differences(original, token);
    showToken(view, { token, parts, flipped, cursor: token === '' ? undefined : cursor });
    const text = token === '' ? '' : describe(token, parts, cursor);
    say(where, text);
    slider.setAttribute('aria-valuetext', text);
    slider.disabled = flipButton.disabled = token === '';
    undoButton.disabled = flipped.size === 0;
  }

  slider.addEventListener('input', draw);
  flipButton.addEventListener('click', () => flip(slider.valueAsNumber - 1));
  undoButton.addEventListener('click', () => {
    token = original;
    draw();
    onChange();
  });
  onPick(view, flip);

  return {
    get token() {
      return token;
    },
    get summary() {
      const places = [...differences(original, token)];
      const names = [...new Set(places.map((at) => partAt(parts, at)?.label ?? ''))].join(' and ');
      if (places.length === 0) return '';
      return places.length === 1
        ? `One character of the ${names} is changed.`
        : `${places.length} characters of ${names} are changed.`;
    },
    start(next, its) {
      original = token = next;
      parts = its;
      slider.max = String(Math.max(1, next.length));
      draw();
    },
  };
}

function describe(token: string, parts: readonly Part[], at: number): string {
  const other = alsoIn(parts, at);
  const also = other ? `, with bits of the ${other.label} too` : '';
  return `${at + 1} of ${token.length}: “${token.charAt(at)}”, ${partAt(parts, at)?.label ?? ''}${also}`;
}
