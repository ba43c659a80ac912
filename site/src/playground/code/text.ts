/** Names and texts -> the TypeScript that says them. */

const WIDTH = 100;

/** In single quotes where it has nothing that needs an escape. */
export const literal = (text: string): string =>
  /^[^'\\\p{Cc}\u2028\u2029]*$/u.test(text) ? `'${text}'` : JSON.stringify(text);

/** An array of texts: on one line, or on several where that would be too long. */
export function literals(texts: readonly string[], indent: string): string {
  const items = texts.map(literal);
  const line = `[${items.join(', ')}]`;
  if (line.length <= WIDTH) return line;
  return `[\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}]`;
}

/** The name of a property as it stands in a class. */
export const property = (name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'constructor'
    ? name
    : name === 'constructor'
      ? "['constructor']"
      : literal(name);
