/** Starts the server on PORT of this machine, says where, and ends it on Ctrl+C or SIGTERM. */
import type { Server } from 'node:http';

export function listen(server: Server): void {
  const port = Number(process.env['PORT'] ?? 3000);

  server.on('error', (error: NodeJS.ErrnoException) => {
    const inUse = `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 1} node server.ts`;
    console.error(error.code === 'EADDRINUSE' ? inUse : error.message);
    process.exitCode = 1;
  });

  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const open = typeof address === 'object' && address ? address.port : port; // PORT=0 takes any free one
    console.log(`Sealring example: http://127.0.0.1:${open}`);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections(); // browsers keep theirs open for the next request
    });
  }
}
