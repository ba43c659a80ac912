/** adapter-node takes every request for one over https, unless a proxy says otherwise, as here. */
import { createServer } from 'node:http';

process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto';
const { handler } = await import(new URL('build/handler.js', import.meta.url).href);

createServer((request, response) => {
  request.headers['x-forwarded-proto'] = 'http';
  handler(request, response);
}).listen(Number(process.env['PORT']), process.env['HOST']);
