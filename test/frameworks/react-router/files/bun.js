// JavaScript, as what React Router has built has no types.
import { createRequestHandler } from 'react-router';
import * as build from './build/server/index.js';

const handle = createRequestHandler(build);
const fetch = (request) => handle(request); // without Bun's second argument, which is no context
export default { fetch, port: Number(process.env.PORT), hostname: process.env.HOST };
