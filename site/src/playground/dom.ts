/** Small steps on the page's elements, typed. All text goes in as text: nothing here makes markup out of a string. */

/** The element inside `root` that `data-<name>` marks. Missing or of another kind is a mistake in the page's own markup. */
export function part<T extends Element>(root: ParentNode, name: string, kind: new () => T): T {
  const found = root.querySelector(`[data-${name}]`);
  if (found instanceof kind) return found;
  throw new TypeError(`The page expected a ${kind.name} with data-${name}`);
}

/** A new element with a class, attributes and children; children given as strings become text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Shows `text`, or hides the element where there is none. Unchanged text is left alone, so that it is not read out again. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === '';
}

/** Scrolls the pane alone: the page stays where it is. */
export function scrollInto(pane: HTMLElement, element: Element | null | undefined): void {
  if (!element) return;
  const [outer, inner] = [pane.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top) pane.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom;
}

/** Whether another key makes this one the browser's: Alt and Left go back, Ctrl and Home to the top of the page. */
export const isForBrowser = ({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean => altKey || ctrlKey || metaKey;

/** Where the button that was pressed cannot be pressed again, the focus goes to the other one: else it would fall to the page. */
export function enableSteps(steps: readonly HTMLButtonElement[], canPress: (step: HTMLButtonElement) => boolean): void {
  const pressed = steps.find((step) => step.matches(':focus'));
  for (const step of steps) step.disabled = !canPress(step);
  if (pressed?.disabled) steps.find(({ disabled }) => !disabled)?.focus();
}

/** Puts `text` on the clipboard; says so for a moment in the button's first words, and to those who do not see it. */
export function copyOnClick(button: HTMLButtonElement, text: () => string): void {
  const words = button.firstChild ?? button; // what else is in it completes its name
  const label = words.textContent;
  const status = part(document, 'copied', HTMLElement);
  let timer = 0;

  function show(result: string): void {
    words.textContent = status.textContent = result;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      words.textContent = label;
      status.textContent = ''; // so that it is read out again
    }, 2000);
  }

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text());
      show('Copied');
    } catch {
      show('The browser did not allow it'); // or has no clipboard, as on a page without https
    }
  }

  button.addEventListener('click', () => void copy());
}

/** The whole address of a page of this site: also in the downloaded copy, whose link home leads to where the site is. */
export function addressOf(path: string): string {
  return new URL(path, part(document, 'home', HTMLAnchorElement).href).href;
}
