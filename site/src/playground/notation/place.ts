/** An index into a text -> the line and column that a person looks for. */

export interface Place {
  /** From 1. */
  line: number;
  /** From 1, in characters as an editor counts them. */
  column: number;
}

export function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}
