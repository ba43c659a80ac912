// What Node runs for Next's edge sandbox, whose global `Array` is not what made an array literal. Next adds AsyncLocalStorage as well.
import { AsyncLocalStorage } from 'node:async_hooks';
import { EdgeVM } from 'edge';
import { bundleAsScript } from './as-script.js';

const sandbox = new EdgeVM({ extend: (context) => Object.assign(context, { AsyncLocalStorage }) });
sandbox.evaluate(bundleAsScript());
console.log(JSON.stringify({ checks: await sandbox.evaluate('smoke()') }));
