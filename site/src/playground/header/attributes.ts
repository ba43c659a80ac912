/** A cookie's name and attributes -> what they say, and what browsers will refuse. RFC 6265bis §4.1.3, §5.6, §5.7. */
import { formatDuration } from '../token/time.ts';

export interface Flag {
  readonly label: string;
  /** `kept` and `broken` are of a rule; `unknown`: a Cookie header carries no attributes. */
  readonly state: 'on' | 'off' | 'kept' | 'broken' | 'unknown';
}

type Attributes = ReadonlyMap<string, string>;

interface Rule {
  readonly when: (name: string, attributes: Attributes) => boolean;
  readonly says: string;
}

const lacks = (attributes: Attributes, name: string) => !attributes.has(name);
const isHost = (name: string) => /^__Host-/i.test(name);
const isSecurePrefix = (name: string) => /^__Secure-/i.test(name);
const isNone = (attributes: Attributes) => attributes.get('samesite')?.toLowerCase() === 'none';

const REFUSALS: readonly Rule[] = [
  {
    when: (name, given) => isHost(name) && lacks(given, 'secure'),
    says: '__Host- without Secure: browsers refuse it.',
  },
  {
    when: (name, given) => isHost(name) && given.get('path') !== '/',
    says: '__Host- without Path=/: browsers refuse it.',
  },
  { when: (name, given) => isHost(name) && given.has('domain'), says: '__Host- with Domain: browsers refuse it.' },
  {
    when: (name, given) => isSecurePrefix(name) && lacks(given, 'secure'),
    says: '__Secure- without Secure: browsers refuse it.',
  },
  {
    when: (_, given) => isNone(given) && lacks(given, 'secure'),
    says: 'SameSite=None without Secure: browsers refuse it.',
  },
  {
    when: (_, given) => given.has('partitioned') && lacks(given, 'secure'),
    says: 'Partitioned without Secure: browsers refuse it.',
  },
];

/** Reasons for which a browser will not take the cookie; none where the attributes are not known. */
export function refusalsOf(name: string, attributes: Attributes | undefined): string[] {
  if (attributes === undefined) return [];
  return REFUSALS.filter(({ when }) => when(name, attributes)).map(({ says }) => says);
}

export function flagsOf(name: string, attributes: Attributes | undefined): Flag[] {
  const prefix = /^__(?:Host|Secure)-/i.exec(name)?.[0];
  const isKept = !refusalsOf(name, attributes).some((says) => says.startsWith('__'));
  const known = (key: string): Flag['state'] =>
    attributes === undefined ? 'unknown' : attributes.has(key) ? 'on' : 'off';
  return [
    ...(prefix === undefined
      ? []
      : [
          {
            label: prefix,
            state: attributes === undefined ? ('unknown' as const) : isKept ? ('kept' as const) : ('broken' as const),
          },
        ]),
    { label: 'HttpOnly', state: known('httponly') },
    { label: 'Secure', state: known('secure') },
    { label: sameSiteLabel(attributes), state: known('samesite') },
  ];
}

const sameSiteLabel = (attributes: Attributes | undefined) => {
  const value = attributes?.get('samesite');
  return value === undefined || value === '' ? 'SameSite' : `SameSite=${value}`;
};

/** How long the browser keeps it; undefined where that is not known. Max-Age wins over Expires. */
export function lifetimeOf(attributes: Attributes | undefined): string | undefined {
  if (attributes === undefined) return undefined;
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age))
    return Number(age) > 0 ? formatDuration(Number(age)) : 'deletes the cookie';
  const expires = attributes.get('expires');
  return expires === undefined ? 'until the browser closes' : `until ${expires}`;
}
