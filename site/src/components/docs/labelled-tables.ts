/** A page's HTML -> the same with the words above its column on every cell of a wide table, for screens too narrow for columns. */

/** From so many columns on a table is no longer readable on a phone. */
const WIDE = 3;

/** Tables made of Markdown alone: their cells hold no tables, and their rows have a cell for every column. */
export function labelTables(html: string): string {
  return html.replace(/<table>[\s\S]*?<\/table>/g, (table) => {
    const labels = [...table.matchAll(/<th\b[^>]*>([\s\S]*?)<\/th>/g)].map(([, text = '']) => plain(text));
    return labels.length < WIDE ? table : labelRows(table, labels);
  });
}

/** Roles that say what the elements are by themselves: a browser forgets it where a cell is no longer drawn as one. */
function labelRows(table: string, labels: readonly string[]): string {
  const rows = table.replace(/<tr>[\s\S]*?<\/tr>/g, (row) => {
    let column = 0;
    const cells = row
      .replace(/<td\b/g, () => `<td role="cell" data-label="${labels[column++] ?? ''}"`)
      .replace(/<th\b/g, '<th role="columnheader"');
    return cells.replace('<tr>', '<tr role="row">');
  });
  return rows
    .replace('<table>', '<table class="wide" role="table">')
    .replace(/<(thead|tbody)>/g, '<$1 role="rowgroup">');
}

function plain(html: string): string {
  return html.replace(/<[^>]*>/g, '').replaceAll('"', '&quot;');
}
