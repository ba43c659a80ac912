/**
 * The address of a script of this site -> the same, as `require-trusted-types-for 'script'` wants it. The policy has to be named in the
 * page's `trusted-types` (csp.ts), and lets nothing but this one address through.
 */
export function trustAddress(policyName: string, address: string): string {
  const factory: unknown = Reflect.get(globalThis, 'trustedTypes');
  if (!isFactory(factory)) return address; // a browser without them takes text
  return factory.createPolicy(policyName, { createScriptURL: () => address }).createScriptURL('');
}

interface Factory {
  /** The result is an object, but is taken wherever the DOM takes this text: that is what it is for. */
  createPolicy(
    name: string,
    rules: { createScriptURL(text: string): string },
  ): { createScriptURL(text: string): string };
}

const isFactory = (value: unknown): value is Factory =>
  typeof value === 'object' && value !== null && 'createPolicy' in value;
