/** Built HTML pages go in; the same pages with a strict Content-Security-Policy come out. */
import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

/** Puts a policy into every built page: this site's own files and the exact inline scripts and styles of that page, nothing else. */
export const csp = (): AstroIntegration => ({
  name: 'csp',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const root = fileURLToPath(dir);
      let pages = 0;
      for await (const file of glob('**/*.html', { cwd: root })) {
        const html = await readFile(root + file, 'utf8');
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}">`;
        // After the charset, which browsers look for in the first 1,024 bytes; before everything that the policy is about.
        const policed = html.replace(/<head><meta charset="utf-8"\s*\/?>/i, (head) => head + meta);
        if (policed === html)
          throw new Error(`${file} expected <head><meta charset="utf-8"> at its start: no place for the policy`);
        await writeFile(root + file, policed);
        pages++;
      }
      logger.info(`policy written into ${pages} pages`);
    },
  },
});

function policyOf(html: string): string {
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes = '']) => !/\ssrc=/.test(attributes))
    .map(([, , body = '']) => body);
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, body = '']) => body);
  const styleAttributes = [...html.matchAll(/<[a-z][^>]*?\sstyle="([^"]*)"/g)].map(([, value = '']) =>
    unescapeHtml(value),
  );
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes(scripts)].join(' '),
    ["style-src 'self'", ...hashes(styles)].join(' '),
    // Highlighted code has its colours in style attributes; each one is allowed by its text, none by its place.
    styleAttributes.length > 0
      ? ["style-src-attr 'unsafe-hashes'", ...hashes(styleAttributes)].join(' ')
      : "style-src-attr 'none'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

const hashes = (texts: readonly string[]) =>
  [...new Set(texts)].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);

/** An attribute's text as the browser hashes it: after character references. */
const unescapeHtml = (text: string) =>
  text
    .replace(/&quot;|&#34;|&#x22;/gi, '"')
    .replace(/&#39;|&#x27;/gi, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
