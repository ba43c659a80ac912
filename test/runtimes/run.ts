/** `pnpm run runtimes`: the same bundle in every engine, as a table. Exits with 1 when an engine fails, or differs from this one. */
import { bundle, type Engine, engines } from './engines.ts';
import { installEngines } from './programs.ts';

interface Row {
  engine: string;
  version: string;
  checks: number | string;
  'time (ms)': number;
  ok: boolean;
}

const missing = await installEngines();
if (missing === undefined) await compare();
else {
  console.error(missing);
  process.exitCode = 1;
}

/** Prints one row an engine. What counts as right is what passes here, in the Node.js that runs this file. */
async function compare(): Promise<void> {
  const { smoke }: { smoke: () => Promise<string[]> } = await import(await bundle());
  const expected = await smoke();
  const rows: Row[] = [];
  for (const engine of engines) rows.push(await runRow(engine, expected)); // one after the other, or the times mean nothing
  console.table(Object.fromEntries(rows.map(({ engine, ...row }) => [engine, row])));
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function runRow(engine: Engine, expected: readonly string[]): Promise<Row> {
  const started = performance.now();
  const time = () => Math.round(performance.now() - started);
  try {
    const { version, checks } = await engine.run();
    const ok = checks.join('\n') === expected.join('\n');
    if (!ok) console.error(`${engine.name} passed other checks than this Node.js: ${difference(checks, expected)}`);
    return { engine: engine.name, version, checks: `${checks.length} of ${expected.length}`, 'time (ms)': time(), ok };
  } catch (error) {
    console.error(`${engine.name}: ${error instanceof Error ? error.message : error}`);
    return { engine: engine.name, version: '', checks: 'failed', 'time (ms)': time(), ok: false };
  }
}

function difference(some: readonly string[], others: readonly string[]): string {
  const missing = others.filter((name) => !some.includes(name));
  const added = some.filter((name) => !others.includes(name));
  return `missing ${JSON.stringify(missing)}, added ${JSON.stringify(added)}`;
}
