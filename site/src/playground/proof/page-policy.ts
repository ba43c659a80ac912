/** The document -> its Content-Security-Policy as it was built in, and what follows from it. */

/** Undefined under `astro dev`, which writes none. */
export function readPolicy(): string | undefined {
  return document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? undefined;
}

/** The copy that is one file has no worker, wherever it is opened: it needs none. */
export const isOneFile = (): boolean => readPolicy()?.includes("worker-src 'none'") ?? false;
