/**
 * A figure that shows the same parts in several places (text, bytes, list): what the pointer or the keyboard is on is marked in all of them.
 *
 * Every element with `data-part` belongs to the part of that number. What has `data-pick` becomes a button: one stop of the Tab key for
 * the whole figure, arrow keys from part to part, Enter to keep a part marked. Without scripts nothing is missing but the marks.
 */
class LinkedParts extends HTMLElement {
  #buttons: HTMLButtonElement[] = [];
  #kept: string | undefined;

  connectedCallback(): void {
    if (this.#buttons.length > 0) return;
    this.#buttons = [...this.querySelectorAll<HTMLElement>('[data-pick]')].map(asButton);
    this.addEventListener('pointerover', (event) => this.#mark(partOf(event.target)));
    this.addEventListener('pointerleave', () => this.#mark(undefined));
    this.addEventListener('focusin', (event) => this.#mark(partOf(event.target)));
    this.addEventListener('focusout', () => this.#mark(undefined));
    this.addEventListener('click', (event) => this.#keep(partOf(event.target)));
    this.addEventListener('keydown', (event) => this.#walk(event));
    this.#stopAt(0);
  }

  #mark(part: string | undefined): void {
    const shown = part ?? this.#kept;
    for (const element of this.querySelectorAll<HTMLElement>('[data-part]')) {
      element.classList.toggle('is-marked', element.dataset['part'] === shown);
    }
  }

  #keep(part: string | undefined): void {
    if (part === undefined) return;
    this.#kept = this.#kept === part ? undefined : part;
    for (const button of this.#buttons) button.ariaPressed = String(partOf(button) === this.#kept);
    this.#mark(this.#kept);
  }

  #walk(event: KeyboardEvent): void {
    const { target } = event;
    const at = target instanceof HTMLButtonElement ? this.#buttons.indexOf(target) : -1;
    const last = this.#buttons.length - 1;
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last }[
      event.key
    ];
    if (at < 0 || next === undefined || event.altKey || event.ctrlKey || event.metaKey) return; // the browser's
    event.preventDefault();
    const to = Math.min(Math.max(next, 0), last);
    this.#stopAt(to);
    this.#buttons[to]?.focus();
  }

  #stopAt(index: number): void {
    for (const [at, button] of this.#buttons.entries()) button.tabIndex = at === index ? 0 : -1;
  }
}

/** The same words inside a button: only where there is a script to answer it. */
function asButton(place: HTMLElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.ariaPressed = 'false';
  button.append(...place.childNodes);
  place.append(button);
  return button;
}

function partOf(target: EventTarget | null): string | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-part]') : null;
  return element?.dataset['part'];
}

customElements.define('linked-parts', LinkedParts);
