/** Built HTML pages go in; the same pages with a strict Content-Security-Policy come out, and `_headers` for hosts that read it. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { readPages } from './build/html.ts';

/** Puts a policy into every built page: this site's own files and the exact inline scripts and styles of that page, nothing else. */
export const csp = (): AstroIntegration => ({
  name: 'csp',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const folder = fileURLToPath(dir);
      const pages = await readPages(folder);
      for (const { file, path, html } of pages) {
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(path, html)}">`;
        // After the charset, which browsers look for in the first 1,024 bytes; before everything that the policy is about.
        const policed = html.replace(/<head>\s*<meta charset="utf-8"\s*\/?>/i, (head) => head + meta);
        if (policed === html)
          throw new Error(`${file} expected <head><meta charset="utf-8"> at its start: no place for the policy`);
        await writeFile(file, policed);
      }
      await writeFile(join(folder, '_headers'), HEADERS);
      logger.info(`policy written into ${pages.length} pages`);
    },
  },
});

function policyOf(path: string, html: string): string {
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes = '']) => !/\ssrc=/.test(attributes))
    .map(([, , body = '']) => body);
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, body = '']) => body);
  const isPlayground = path === '/playground/';
  const isOneFile = path === '/sealring-playground.html';
  const own = isOneFile ? [] : ["'self'"];
  return [
    "default-src 'none'",
    ['script-src', ...own, ...hashes(scripts)].join(' '),
    ['style-src', ...own, ...hashes(styles)].join(' '),
    "style-src-attr 'none'",
    ['img-src', ...own, ...(isPlayground ? [] : ['data:'])].join(' '), // in the docs: the icons of code blocks
    ...(isOneFile ? [] : ["manifest-src 'self'"]),
    "connect-src 'none'",
    `worker-src ${isPlayground ? "'self'" : "'none'"}`, // the one that makes it open without a network
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${isPlayground ? 'offline' : isOneFile ? "'none'" : 'search-index'}`,
  ].join('; ');
}

/** What a policy in a page cannot say, for static hosts that read this file (Cloudflare Pages, Netlify). */
const HEADERS = `/*
  Content-Security-Policy: frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=()

/_astro/*
  Cache-Control: public, max-age=31536000, immutable

/sw.js
  Content-Security-Policy: default-src 'none'; script-src 'self'; connect-src 'self'
  Cache-Control: no-cache
`;

const hashes = (texts: readonly string[]) =>
  [...new Set(texts)].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
