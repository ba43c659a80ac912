// The bundle -> the same as a script, for realms that take no module: it leaves `smoke` as a global.
import { readFileSync } from 'node:fs';

export function bundleAsScript() {
  const module = readFileSync(new URL('../../.portable/portable.js', import.meta.url), 'utf8');
  const script = module.replace(/^export \{ smoke \};\s*$/m, 'globalThis.smoke = smoke;');
  if (script === module) throw new Error('the bundle expected `export { smoke };` at its end');
  return script;
}
