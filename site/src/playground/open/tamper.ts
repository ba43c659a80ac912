/** Clicks on the token, buttons for its segments and a slider over its characters -> which characters are turned over. */
import { make, part, say } from '../dom.ts';
import { alsoIn, type Part, partAt } from '../token/parts.ts';
import { onPick } from '../views/token-view.ts';

export interface Tamper {
  readonly flips: ReadonlySet<number>;
  /** The character that the slider stands on, while the tools are open. */
  readonly cursor: number | undefined;
  /** @param original the token as it was pasted. */
  start(original: string, parts: readonly Part[]): void;
  undo(): void;
}

interface Events {
  /** Another character was turned over, or back. */
  onChange(): void;
  /** The slider has moved. */
  onMove(): void;
}

export function createTamper(root: HTMLElement, view: HTMLElement, { onChange, onMove }: Events): Tamper {
  const tools = part(root, 'flip-segments', HTMLElement);
  const slider = part(root, 'position', HTMLInputElement);
  const where = part(root, 'position-text', HTMLElement);
  const summary = part(root, 'tampered', HTMLElement);
  const details = root.querySelector<HTMLDetailsElement>('details.tamper');
  let flips = new Set<number>();
  let original = '';
  let parts: readonly Part[] = [];

  function flip(at: number): void {
    if (original === '') return;
    const next = new Set(flips);
    if (!next.delete(at)) next.add(at);
    flips = next;
    slider.value = String(at + 1);
    onChange();
  }

  function undo(): void {
    flips = new Set();
    summary.hidden = true;
  }

  function describe(): void {
    const at = slider.valueAsNumber - 1;
    const other = alsoIn(parts, at);
    const also = other ? `, with bits of the ${other.label} too` : '';
    const text = `${at + 1} of ${original.length}: “${original.charAt(at)}”, ${partAt(parts, at)?.label ?? 'no segment'}${also}`;
    say(where, text);
    slider.setAttribute('aria-valuetext', text);
    const names = [...new Set([...flips].map((place) => partAt(parts, place)?.label ?? 'text'))];
    summary.hidden = flips.size === 0;
    const count = flips.size === 1 ? 'One bit is' : `${flips.size} bits are`;
    say(
      part(summary, 'tampered-text', HTMLElement),
      flips.size === 0 ? '' : `${count} turned over, in: ${names.join(', ')}.`,
    );
  }

  function showSegments(): void {
    const labels = parts.map(({ label }) => label).join('\n');
    if (tools.dataset['for'] === labels) return; // the focus stays where it is
    tools.dataset['for'] = labels;
    tools.replaceChildren(
      ...parts.map(({ name, label }) => {
        const button = make('button', { type: 'button', 'data-part': name, class: 'piece' }, label);
        button.addEventListener('click', () => flip(middleOf(name)));
        return button;
      }),
    );
  }

  /** A character whose bits all belong to the segment, where it has one. */
  function middleOf(name: string): number {
    const segment = parts.find((each) => each.name === name);
    if (segment === undefined) return 0;
    const first = Math.ceil((segment.from * 8) / 6);
    const last = Math.ceil((segment.to * 8) / 6) - 1;
    return Math.min(original.length - 1, Math.max(first, Math.floor((first + last) / 2)));
  }

  slider.addEventListener('input', () => {
    describe();
    onMove();
  });
  details?.addEventListener('toggle', onMove);
  part(root, 'flip', HTMLButtonElement).addEventListener('click', () => flip(slider.valueAsNumber - 1));
  part(root, 'unflip', HTMLButtonElement).addEventListener('click', () => {
    undo();
    (details?.open ? slider : view).focus(); // the button is going
    onChange();
  });
  onPick(view, flip);

  return {
    get flips() {
      return flips;
    },
    get cursor() {
      return details?.open ? slider.valueAsNumber - 1 : undefined;
    },
    start(token, its) {
      original = token;
      parts = its;
      slider.max = String(Math.max(1, token.length));
      showSegments();
      describe();
    },
    undo,
  };
}
