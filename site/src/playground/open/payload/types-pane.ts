/** Data items -> which types the payload has, how often, and as what they are written; unknown classes are offered for registration. */
import type { AnnotatedItem } from '@sealring/inspect';
import { make } from '../../dom.ts';
import { classNameOf } from '../../types/class-types.ts';
import type { Workspace } from '../../workspace.ts';

const TAGS: ReadonlyMap<number, string> = new Map([
  [1, 'Date'],
  [2, 'bigint'],
  [3, 'bigint'],
  [32, 'URL'],
  [258, 'Set'],
  [259, 'Map'],
]);
const TAG_CLASS = 27;

interface ClassFound {
  readonly name: string;
  readonly fields: number;
}

export function showTypes(root: HTMLElement, top: AnnotatedItem | undefined, workspace: Workspace): void {
  const counts = new Map<string, { wire: string; count: number }>();
  for (const item of top ? itemsOf(top) : []) {
    const type = classOf(item)?.name ?? typeOf(item);
    if (type === undefined) continue;
    const entry = counts.get(type) ?? {
      wire: item.label.replace(/\(.*/, (digits) => (item.major === 6 ? digits : '')),
      count: 0,
    };
    counts.set(type, { ...entry, count: entry.count + 1 });
  }
  const rows = [...counts].map(([type, { wire, count }]) =>
    make('tr', {}, make('td', {}, type), make('td', {}, wire), make('td', {}, String(count))),
  );
  const head = make('tr', {}, ...['Type', 'CBOR', 'Count'].map((text) => make('th', { scope: 'col' }, text)));
  root.replaceChildren(
    ...classesIn(top).map((found) => classRow(found, workspace)),
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)),
  );
}

/** Classes in the payload, each with the most fields that an instance has. */
export function classesIn(top: AnnotatedItem | undefined): ClassFound[] {
  const classes = new Map<string, ClassFound>();
  for (const item of top ? itemsOf(top) : []) {
    const found = classOf(item);
    if (found && found.fields >= (classes.get(found.name)?.fields ?? 0)) classes.set(found.name, found);
  }
  return [...classes.values()];
}

/** Says that a class is registered, or offers to do it: names of fields are not in the token, so they are numbered. */
export function classRow({ name, fields }: ClassFound, workspace: Workspace): HTMLElement {
  const known = workspace.classTypes.fields.get(name);
  if (known && known.length >= fields)
    return make('p', { class: 'note' }, `${name} is registered: ${known.join(', ')}.`);
  const count = `${fields} ${fields === 1 ? 'field' : 'fields'}`;
  const button = make('button', { type: 'button' }, `Register ${name} with ${count}`);
  button.addEventListener('click', () => {
    const names = Array.from({ length: fields }, (_, at) => known?.[at] ?? `field${at + 1}`);
    const others = workspace.state.types.split('\n').filter((line) => line.trim() !== '' && classNameOf(line) !== name);
    const card = button.closest('[data-payload-card]');
    workspace.set({ types: [...others, `${name}: ${names.join(', ')}`].join('\n') });
    card?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus(); // the button is gone: the tab of what has changed
  });
  const has = known ? `is registered with ${known.length}` : 'is not registered here';
  return make('p', { class: 'note class-row' }, `The class ${name} ${has}. `, button);
}

function* itemsOf(top: AnnotatedItem): Generator<AnnotatedItem> {
  const stack = [top];
  for (let item = stack.pop(); item; item = stack.pop()) {
    yield item;
    for (const child of item.children.toReversed()) stack.push(child); // all at once would be too many arguments
  }
}

function tagOf({ major, label }: AnnotatedItem): number | undefined {
  return major === 6 ? Number(/\((\d+)\)/.exec(label)?.[1]) : undefined;
}

function classOf(item: AnnotatedItem): ClassFound | undefined {
  const [name, ...fields] = tagOf(item) === TAG_CLASS ? (item.children[0]?.children ?? []) : [];
  if (name?.major !== 3) return undefined;
  try {
    const text: unknown = JSON.parse(name.meaning);
    return typeof text === 'string' ? { name: text, fields: fields.length } : undefined;
  } catch {
    return undefined; // cut short in the annotation: too long for a name that somebody would type
  }
}

function typeOf(item: AnnotatedItem): string | undefined {
  if (item.role === 'content') return undefined; // its tag says what it is
  switch (item.major) {
    case 0:
    case 1:
      return item.meaning.startsWith('bigint') ? 'bigint' : 'number';
    case 2:
      return 'Uint8Array';
    case 3:
      return item.role === 'key' ? undefined : 'string';
    case 4:
      return 'Array';
    case 5:
      return 'object';
    case 6:
      return TAGS.get(tagOf(item) ?? -1) ?? (item.meaning.split(' ')[0] || item.label);
    case 7:
      return item.label.startsWith('float') ? 'number' : item.label;
  }
}
