// What Node runs for Next's edge sandbox, whose global `Array` is not what made an array literal. Next adds AsyncLocalStorage as well, and a
// `process` whose functions throw.
import { AsyncLocalStorage } from 'node:async_hooks';
import { EdgeVM } from 'edge';
import { bundleAsScript } from './as-script.js';

const process = {
  env: {},
  getBuiltinModule() {
    throw new Error('A Node.js API is used (process.getBuiltinModule) which is not supported in the Edge Runtime.');
  },
};
const sandbox = new EdgeVM({ extend: (context) => Object.assign(context, { AsyncLocalStorage, process }) });
sandbox.evaluate(bundleAsScript());
console.log(JSON.stringify({ checks: await sandbox.evaluate('smoke()') }));
