/** A server that nobody should talk to -> a record of everyone who does. */
import { createServer } from 'node:http';

export interface Recorder {
  origin: string;
  /** What was asked for, in its order. */
  paths: string[];
  close(): Promise<void>;
}

/** It answers everything with an empty page that any other page may read. */
export async function startRecorder(): Promise<Recorder> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' }).end();
  });
  server.on('upgrade', (request, socket) => {
    paths.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    paths,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
