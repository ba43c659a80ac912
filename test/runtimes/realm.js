// What Node runs for a realm with the globals of another one, as test runners and plugin hosts make them.
import { AsyncLocalStorage } from 'node:async_hooks';
import vm from 'node:vm';
import { bundleAsScript } from './as-script.js';

const web = {
  Request,
  Response,
  Headers,
  ReadableStream,
  TextEncoder,
  TextDecoder,
  URL,
  crypto,
  atob,
  btoa,
  setTimeout,
};
const language = { Array, Map, Set, Date, Promise, Uint8Array, WeakMap, Error, TypeError };
const context = vm.createContext({ ...web, ...language, AsyncLocalStorage });
vm.runInContext(bundleAsScript(), context);
console.log(JSON.stringify({ version: process.versions.node, checks: await vm.runInContext('smoke()', context) }));
