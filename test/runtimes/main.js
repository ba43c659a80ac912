// What Node, Deno and Bun run. Last line: the engine's version and the checks that passed, as JSON.
import { smoke } from '../../.portable/portable.js';

const { bun, deno, node } = process.versions;
console.log(JSON.stringify({ version: deno ?? bun ?? node, checks: await smoke() }));
