/** The search dialog: keys and words go in, links to the sections that fit come out. */
import type { Find, Hit } from './find.ts';
import { loadSearch } from './load.ts';

class SiteSearch extends HTMLElement {
  #find: Find | undefined;
  #isEnterPending = false; // Enter came before the index: the first result is followed once the index is there

  connectedCallback(): void {
    this.#element('[data-search-open]', HTMLButtonElement).addEventListener('click', () => this.#open());
    this.#field.addEventListener('input', () => {
      this.#isEnterPending = false; // it was meant for the words as they were
      this.#show();
    });
    this.#dialog.addEventListener('keydown', (event) => this.#move(event));
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close(); // on the backdrop
      // A link into the page that is open changes no page, so nothing else would close the dialog.
      if (event.target instanceof Element && event.target.closest('a')) this.#dialog.close();
    });
    addEventListener('keydown', (event) => {
      const isShortcut = event.key === 'k' && (event.ctrlKey || event.metaKey);
      // Until the next frame a dialog that has just closed may leave the focus on its field: a key there is not typed into it.
      const isTypingElsewhere = event.target !== this.#field && isTyping(event.target);
      const isSlash = event.key === '/' && !(event.ctrlKey || event.metaKey || event.altKey) && !isTypingElsewhere;
      if (!(isShortcut || isSlash) || this.#dialog.open) return;
      event.preventDefault();
      this.#open();
    });
  }

  get #dialog() {
    return this.#element('[data-search-dialog]', HTMLDialogElement);
  }
  get #field() {
    return this.#element('[data-search-field]', HTMLInputElement);
  }
  get #status() {
    return this.#element('[data-search-status]', HTMLElement);
  }
  get #results() {
    return this.#element('[data-search-results]', HTMLElement);
  }

  #element<T extends HTMLElement>(selector: string, type: new () => T): T {
    const element = this.querySelector(selector);
    if (!(element instanceof type)) throw new Error(`The search has no ${selector}`);
    return element;
  }

  #open(): void {
    this.#isEnterPending = false;
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.select();
    if (this.#find !== undefined) return;
    this.#status.textContent = 'Loading the index';
    loadSearch().then(
      (find) => {
        this.#find = find;
        this.#show();
      },
      () => {
        this.#status.textContent = import.meta.env.DEV
          ? 'There is an index in the built site only.'
          : 'The index did not load. Close and open the search to try again.';
      },
    );
  }

  #show(): void {
    if (this.#find === undefined) return;
    const typed = this.#field.value.trim();
    const hits = typed === '' ? [] : this.#find(typed);
    this.#results.replaceChildren(...hits.map(toRow));
    this.#status.textContent = typed === '' ? '' : countOf(hits.length);
    if (this.#isEnterPending && this.#dialog.open) this.#followFirst();
  }

  #followFirst(): void {
    this.#isEnterPending = this.#find === undefined;
    this.#results.querySelector('a')?.click();
  }

  #move(event: KeyboardEvent): void {
    if (event.isComposing) return; // Enter ends a word that is being put together, arrows choose it, Escape gives it up
    if (event.key === 'Escape') {
      event.preventDefault(); // else Chromium empties the field first, and closes at the second press
      this.#dialog.close();
      return;
    }
    const links = [...this.#results.querySelectorAll('a')];
    const at = links.findIndex((link) => link.matches(':focus'));
    const isInField = document.activeElement === this.#field;
    if (event.key === 'Enter' && isInField) {
      event.preventDefault(); // else it would press Close
      this.#followFirst();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || (at < 0 && !isInField)) return;
    event.preventDefault();
    const next = links[Math.min(at + step, links.length - 1)];
    (next ?? this.#field).focus();
  }
}

const countOf = (count: number) => (count === 0 ? 'Nothing found' : `${count} ${count === 1 ? 'result' : 'results'}`);

function toRow({ href, page, heading, excerpt }: Hit): HTMLLIElement {
  const link = document.createElement('a');
  link.href = href;
  const where = make('span', 'where', make('span', 'page', page));
  if (heading !== page) where.append(` · ${heading}`);
  link.append(
    where,
    make('span', 'excerpt', ...excerpt.map(({ text, isFound }) => (isFound ? make('mark', '', text) : text))),
  );
  const row = document.createElement('li');
  row.append(link);
  return row;
}

function make(tag: 'span' | 'mark', className: string, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

customElements.define('site-search', SiteSearch);
