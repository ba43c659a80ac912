/** The built playground -> how much script it takes to open a cookie there, and for all that it can do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface ScriptSizes {
  /** Bytes of the script that opens a cookie and of all that it imports, each compressed, with what stands in the page. */
  opening: number;
  /** The same of everything that the page loads. */
  all: number;
}

const OPENING = /playground\.astro_astro_type_script_index_0/; // main.ts, the first script of the page

export function measureScripts(folder: string): ScriptSizes {
  const html = readFileSync(join(folder, 'playground/index.html'), 'utf8');
  const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
  const inPage = scripts.reduce((sum, [, , text = '']) => sum + (text === '' ? 0 : compressed(text)), 0);
  const sources = scripts.flatMap(([, attributes = '']) => /\ssrc="([^"]*)"/.exec(attributes)?.[1] ?? []);
  const opening = sources.filter((source) => OPENING.test(source));
  if (opening.length !== 1) throw new Error(`Expected one first script in the playground, got ${opening.length}`);
  const sizeOf = (entries: readonly string[]) =>
    closure(folder, entries).reduce((sum, text) => sum + compressed(text), inPage);
  return { opening: sizeOf(opening), all: sizeOf(sources) };
}

/** The texts of scripts and of what they import. */
function closure(folder: string, entries: readonly string[]): string[] {
  const texts = new Map<string, string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (texts.has(path)) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    texts.set(path, text);
    for (const [, target = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g)) {
      waiting.push(new URL(target, `http://site${path}`).pathname);
    }
  }
  return [...texts.values()];
}

const compressed = (text: string) => gzipSync(text, { level: 9 }).length;
