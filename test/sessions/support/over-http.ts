/** A handler -> a server of node:http on a free port of this machine, and a client that keeps its connections. */
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';

export interface Answer {
  status: number;
  body: string;
}

export interface Server {
  /** One request with these parameters and this Cookie header. */
  call(parameters: Readonly<Record<string, string>>, cookie: string): Promise<Answer>;
  close(): Promise<void>;
}

/** @param handle what it throws is answered with 500 and the error's code. */
export async function serve(
  handle: (request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams) => Promise<void>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    handle(request, response, searchParams).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(error instanceof Error && 'code' in error ? String(error.code) : String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    call: (parameters, cookie) =>
      new Promise((resolve, reject) => {
        const path = `/?${new URLSearchParams(parameters)}`;
        const outgoing = send({ host: '127.0.0.1', port, path, agent, headers: { cookie } }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => (body += text));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body })).on('error', reject);
        });
        outgoing.on('error', reject).end();
      }),
    close: () => {
      agent.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
