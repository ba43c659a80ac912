/** Loaded by Node before a sample: each `console.log` of the sample goes to file descriptor 3 as JSON, with the line it stands on. */
import { writeSync } from 'node:fs';
import { format } from 'node:util';

const print = console.log;
console.log = (...values: readonly unknown[]) => {
  const place = /([\w.-]+\.ts):(\d+):\d+/.exec(new Error().stack?.split('\n')[2] ?? '');
  const text = format(...values);
  writeSync(3, `${JSON.stringify({ file: place?.[1] ?? '', line: Number(place?.[2] ?? 0), text })}\n`);
  print(text);
};
