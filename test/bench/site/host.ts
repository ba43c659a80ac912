/** A folder of built pages -> an address that serves them as a static host would: compressed, with the folder's own `_headers` and 404 page. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const PACKED = new Set(['.png', '.ico']);

export interface Host {
  origin: string;
  close(): Promise<void>;
}

export async function serveAsHost(folder: string): Promise<Host> {
  const rules = readRules(readFileSync(join(folder, '_headers'), 'utf8'));
  const kept = new Map<string, Buffer>(); // as the caches of a host have them
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const asked = join(folder, decodeURIComponent(pathname), pathname.endsWith('/') ? 'index.html' : '');
    const isThere = asked.startsWith(folder) && existsSync(asked) && statSync(asked).isFile();
    const file = isThere ? asked : join(folder, '404.html');
    const type = extname(file);
    const isPacked = PACKED.has(type);
    const body = kept.get(file) ?? (isPacked ? readFileSync(file) : gzipSync(readFileSync(file), { level: 9 }));
    kept.set(file, body);
    for (const { path, name, value } of rules) {
      if (path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path)
        response.setHeader(name, value);
    }
    if (!isPacked) response.setHeader('content-encoding', 'gzip');
    response.setHeader('content-type', TYPES[type] ?? 'application/octet-stream');
    response.writeHead(isThere ? 200 : 404, { 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A path on a line of its own, and under it its headers, indented. */
function readRules(text: string): { path: string; name: string; value: string }[] {
  const rules: { path: string; name: string; value: string }[] = [];
  let path = '';
  for (const line of text.split('\n')) {
    const header = /^\s+([\w-]+):\s*(.*)$/.exec(line);
    if (header === null) path = line.trim();
    else rules.push({ path, name: header[1] ?? '', value: header[2] ?? '' });
  }
  return rules;
}
