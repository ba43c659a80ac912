/** `<size-meter>`: a cookie's name and the length of its value as typed -> the bar against the browser's limit. */
import { part } from '../dom.ts';
import { measureLength } from './size.ts';
import { showSize } from './size-view.ts';

const MOST = 100_000; // bytes; far beyond every limit

/** Registers the element; a second call does nothing. */
export function defineSizeMeter(): void {
  if (customElements.get('size-meter') === undefined) customElements.define('size-meter', SizeMeter);
}

class SizeMeter extends HTMLElement {
  #isReady = false;

  connectedCallback(): void {
    if (this.#isReady) return; // moved, not made
    this.#isReady = true;
    const name = part(this, 'name', HTMLInputElement);
    const length = part(this, 'length', HTMLInputElement);
    const draw = () => {
      const value = Number.isNaN(length.valueAsNumber) ? 0 : Math.min(MOST, Math.max(0, length.valueAsNumber));
      showSize(this, measureLength(name.value, Math.floor(value)));
    };
    part(this, 'static', HTMLElement).hidden = true;
    for (const shown of ['fields', 'meter']) part(this, shown, HTMLElement).hidden = false;
    for (const field of [name, length]) field.addEventListener('input', draw);
    draw();
  }
}
