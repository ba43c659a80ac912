/** The HTML of an example's page -> what a visitor sees of it, and its forms. */
import { ELEMENT_NODE, type ElementNode, parse, TEXT_NODE, walkSync } from 'ultrahtml';

interface Form {
  /** Where it goes to, as it stands in the page: `''` is the page itself. */
  readonly action: string;
  readonly isMultipart: boolean;
  readonly fields: ReadonlyMap<string, string>;
}

/** What a page of an example shows. */
export interface Page {
  /** The flash messages: the elements with the role `alert`. */
  readonly alerts: readonly string[];
  /** The visitor's counter: the element `output`. */
  readonly count: number;
  readonly text: string;
  /** The form with this button. @throws {Error} if there is none. */
  form(button: string): Form;
}

export function readPage(html: string): Page {
  const elements: ElementNode[] = [];
  const root = parse(html.replace(/<!--.*?-->/gs, '')); // React has them between two texts
  walkSync(root, (node) => {
    if (node.type === ELEMENT_NODE) elements.push(node);
  });
  const named = (name: string, within: readonly ElementNode[] = elements) => within.filter((one) => one.name === name);
  return {
    alerts: elements.filter(({ attributes }) => attributes['role'] === 'alert').map(textOf),
    count: Number(named('output').map(textOf)[0]),
    text: textOf(root),
    form(button) {
      const form = named('form').find((one) => inside(one, 'button').some((each) => textOf(each) === button));
      if (form === undefined) throw new Error(`No form with the button "${button}" in: ${textOf(root)}`);
      const { action = '', enctype = form.attributes['encType'] } = form.attributes; // React writes the latter
      const fields = [...inside(form, 'input'), ...inside(form, 'button')].filter(
        ({ attributes }) => attributes['name'],
      );
      return {
        action: decode(action),
        isMultipart: enctype === 'multipart/form-data',
        fields: new Map(
          fields.map(({ attributes }) => [decode(attributes['name'] ?? ''), decode(attributes['value'] ?? '')]),
        ),
      };
    },
  };
}

function inside(element: ElementNode, name: string): ElementNode[] {
  const found: ElementNode[] = [];
  walkSync(element, (node) => {
    if (node.type === ELEMENT_NODE && node.name === name) found.push(node);
  });
  return found;
}

function textOf(element: ElementNode): string {
  let text = '';
  walkSync(element, (node) => {
    if (node.type === TEXT_NODE && node.parent.name !== 'script' && node.parent.name !== 'style') text += node.value;
  });
  return decode(text).trim();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    hex
      ? String.fromCodePoint(Number.parseInt(hex, 16))
      : decimal
        ? String.fromCodePoint(Number(decimal))
        : (ENTITIES[name] ?? whole),
  );
}
