/** In the place of `next/headers`, which is not installed here: what a component or a server action sees of its request. */

/** Set by the tests. */
export const given: { headers: Headers; readonly cookies: Map<string, Cookie> } = {
  headers: new Headers(),
  cookies: new Map(),
};

interface Cookie {
  readonly value: string;
  readonly expires?: Date;
}

const jar = {
  get: (name: string) => given.cookies.get(name),
  set: (name: string, value: string, attributes: object) => given.cookies.set(name, { value, ...attributes }),
};

export async function headers(): Promise<Headers> {
  return given.headers;
}

export async function cookies(): Promise<typeof jar> {
  return jar;
}
