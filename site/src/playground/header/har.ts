/** JSON of a network log or a cookie editor -> lines of Cookie and Set-Cookie; whatever is no such JSON stays as it is. */

const DEEPEST = 40;

/**
 * @param text a HAR file or a piece of it, with the list of headers or of cookies in it; or anything else.
 * @returns header lines, or `text` itself.
 */
export function headerLinesOf(text: string): string {
  const json = parse(text.trim());
  if (json === undefined) return text;
  const found: Found = { headers: [], cookies: [] };
  collect(json, found, 0);
  // A network log has both, the headers as they were sent and their cookies once more.
  const lines = found.headers.length > 0 ? found.headers : found.cookies;
  return lines.length > 0 ? [...new Set(lines)].join('\n') : text;
}

interface Found {
  readonly headers: string[];
  readonly cookies: string[];
}

/** A piece that was cut out of a file may lack the brackets around it: `"headers": […]`. */
function parse(text: string): object | undefined {
  if (!/^["[{]/.test(text)) return undefined;
  for (const whole of [text, `{${text.replace(/,$/, '')}}`]) {
    try {
      const json: unknown = JSON.parse(whole);
      if (typeof json === 'object' && json !== null) return json;
    } catch {
      // the next try, or the text as it is
    }
  }
  return undefined;
}

function collect(json: unknown, found: Found, depth: number): void {
  if (typeof json !== 'object' || json === null || depth > DEEPEST) return;
  const [name, value] = [field(json, 'name'), field(json, 'value')];
  const isPair = typeof name === 'string' && typeof value === 'string';
  const cookie = isPair ? cookieLineOf(json, name, value) : undefined;
  if (isPair && /^(?:set-)?cookie$/i.test(name)) found.headers.push(linesOf(name, value));
  else if (cookie !== undefined) found.cookies.push(cookie);
  else for (const held of Object.values(json)) collect(held, found, depth + 1);
}

/** Several headers of one name stand as lines of one. */
const linesOf = (name: string, value: string) =>
  value
    .split('\n')
    .map((line) => `${name}: ${line}`)
    .join('\n');

/** A cookie with its attributes as HAR and the browsers' extensions write them. */
function cookieLineOf(item: object, name: string, value: string): string | undefined {
  const [httpOnly, secure, sameSite, path, domain] = ['httpOnly', 'secure', 'sameSite', 'path', 'domain'].map((key) =>
    field(item, key),
  );
  if (httpOnly === undefined && secure === undefined) return undefined; // another header, or a parameter of a query
  const attributes = [
    ...(typeof path === 'string' && path !== '' ? [`Path=${path}`] : []),
    ...(typeof domain === 'string' && domain !== '' && field(item, 'hostOnly') !== true ? [`Domain=${domain}`] : []),
    ...(secure === true ? ['Secure'] : []),
    ...(httpOnly === true ? ['HttpOnly'] : []),
    ...(typeof sameSite === 'string' && sameSite !== '' ? [`SameSite=${sameSiteOf(sameSite)}`] : []),
  ];
  return `Set-Cookie: ${[`${name}=${value}`, ...attributes].join('; ')}`;
}

/** What the browsers' extensions call it. */
const sameSiteOf = (name: string) => (name === 'no_restriction' ? 'None' : name);

function field(item: object, name: string): unknown {
  return Object.hasOwn(item, name) ? Reflect.get(item, name) : undefined;
}
