/** Texts go in, HTML comes out, with everything escaped that this template did not write itself. */

/** HTML that needs no escaping any more. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, undefined is nothing. */
export type Part = string | number | undefined | Html | readonly Html[];

/** @example html`<p>${'<b>'}</p>`.text // <p>&lt;b&gt;</p> */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, at) => text + format(parts[at])).join(''));
}

function format(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
