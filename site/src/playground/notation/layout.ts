/** Nested pieces of text -> lines: what fits stays on one line, what does not gets a line for each item. */

export type Shape = string | { open: string; items: readonly Item[]; close: string };
type Item = Shape | { before: string; shape: Shape };

const WIDTH = 60;

export const list = (open: string, items: readonly Item[], close: string): Shape => ({ open, items, close });

export function layOut(shape: Shape, indent = ''): string {
  if (typeof shape === 'string') return shape;
  const inline = oneLine(shape, WIDTH - indent.length);
  if (inline !== undefined || shape.items.length === 0) return inline ?? shape.open + shape.close;
  const deeper = `${indent}  `;
  const lines = shape.items.map((item) =>
    isNamed(item) ? deeper + item.before + layOut(item.shape, deeper) : deeper + layOut(item, deeper),
  );
  return `${shape.open}\n${lines.join(',\n')}\n${indent}${shape.close}`;
}

/** The shape on one line, or undefined where that is longer than `room`. */
function oneLine(shape: Shape, room: number): string | undefined {
  if (typeof shape === 'string') return shape;
  const texts: string[] = [];
  let left = room - shape.open.length - shape.close.length;
  for (const item of shape.items) {
    const before = isNamed(item) ? item.before : '';
    const text = oneLine(isNamed(item) ? item.shape : item, left - before.length);
    if (text === undefined || (left -= before.length + text.length + 2) < 0) return undefined;
    texts.push(before + text);
  }
  return shape.open + texts.join(', ') + shape.close;
}

const isNamed = (item: Item): item is { before: string; shape: Shape } => typeof item === 'object' && 'before' in item;
