/** The landing page's demo, live: what is typed goes in; its token and what opening it says come out. */
import { changeCharacter, createDemoSealer, cutToken, openToken, playgroundLink, sealText } from './demo.ts';

class SealDemo extends HTMLElement {
  readonly #sealer = createDemoSealer();
  #token = '';

  connectedCallback(): void {
    this.#find('[data-value]', HTMLInputElement).addEventListener('input', () => this.#seal());
    this.#button.addEventListener('click', () => {
      this.#button.ariaPressed = String(this.#button.ariaPressed !== 'true');
      this.#open();
    });
    this.#seal();
  }

  get #button() {
    return this.#find('[data-change]', HTMLButtonElement);
  }

  #seal(): void {
    const note = this.#find('[data-note]', HTMLElement);
    try {
      this.#token = sealText(this.#sealer, this.#find('[data-value]', HTMLInputElement).value);
      note.hidden = true;
    } catch (error) {
      note.textContent =
        error instanceof SyntaxError ? 'Not JSON yet; below is the last value that was.' : String(error);
      note.hidden = false;
      return;
    }
    this.#button.ariaPressed = 'false';
    this.#open();
  }

  #open(): void {
    const token = this.#button.ariaPressed === 'true' ? changeCharacter(this.#token) : this.#token;
    const { isOpen, says } = openToken(this.#sealer, token);
    const pieces = cutToken(token).map(({ name, text }) => {
      const piece = document.createElement('span');
      piece.dataset['part'] = name;
      piece.textContent = text;
      return piece;
    });
    this.#find('[data-token]', HTMLElement).replaceChildren(...pieces);
    this.#find('[data-length]', HTMLElement).textContent = String(token.length);
    this.#find('[data-link]', HTMLAnchorElement).href = playgroundLink(token);
    const result = this.#find('[data-result]', HTMLElement);
    result.textContent = says;
    result.dataset['state'] = isOpen ? 'open' : 'refused';
  }

  #find<T extends HTMLElement>(selector: string, type: new () => T): T {
    const element = this.querySelector(selector);
    if (!(element instanceof type)) throw new Error(`The demo has no ${selector}`);
    return element;
  }
}

customElements.define('seal-demo', SealDemo);
