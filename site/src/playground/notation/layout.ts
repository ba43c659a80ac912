/** Nested pieces of text -> lines: what fits stays on one line, what does not gets a line for each item. */

export type Shape = string | { open: string; items: readonly Item[]; close: string };
type Item = Shape | { before: string; shape: Shape };

const WIDTH = 60;
const DEEPEST_INDENT = 20; // levels: blanks before each line of what is deeper would be most of the text

export const list = (open: string, items: readonly Item[], close: string): Shape => ({ open, items, close });

/** In time that grows as the text does, however deep the shape is. */
export function layOut(shape: Shape): string {
  const texts: string[] = [];
  write(shape, 0, texts);
  return texts.join('');
}

const indentOf = (depth: number) => '  '.repeat(Math.min(depth, DEEPEST_INDENT));

function write(shape: Shape, depth: number, texts: string[]): void {
  const line = oneLine(shape, WIDTH - indentOf(depth).length);
  if (line !== undefined) texts.push(line);
  if (line !== undefined || typeof shape === 'string') return;
  texts.push(shape.open);
  for (const [at, item] of shape.items.entries()) {
    texts.push(at === 0 ? '\n' : ',\n', indentOf(depth + 1));
    if (isNamed(item)) texts.push(item.before);
    write(isNamed(item) ? item.shape : item, depth + 1, texts);
  }
  texts.push('\n', indentOf(depth), shape.close);
}

/** The shape on one line, or undefined where that is longer than `room`. */
function oneLine(shape: Shape, room: number): string | undefined {
  if (typeof shape === 'string') return shape;
  const texts: string[] = [];
  let left = room - shape.open.length - shape.close.length;
  for (const item of shape.items) {
    const before = isNamed(item) ? item.before : '';
    const text = left < 0 ? undefined : oneLine(isNamed(item) ? item.shape : item, left - before.length);
    if (text === undefined || (left -= before.length + text.length + 2) < 0) return undefined;
    texts.push(before + text);
  }
  return shape.open + texts.join(', ') + shape.close;
}

const isNamed = (item: Item): item is { before: string; shape: Shape } => typeof item === 'object' && 'before' in item;
