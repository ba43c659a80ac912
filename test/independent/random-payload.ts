/** Random numbers go in and a payload comes out: CBOR as any library might write it, and sometimes with a fault. */

type Random = () => number;

const TEXTS = [
  '',
  'a',
  'b',
  'name',
  '0',
  '17',
  '4294967295',
  '__proto__',
  'P',
  'B',
  'X',
  'é',
  'https://a.example/',
  'x:y',
  '/',
];
const TAGS = [1, 2, 3, 27, 32, 258, 259, 68, 69, 70, 71, 72, 77, 78, 79, 84, 85, 86, 0, 64, 100, 1001, 55_799];
const NUMBERS = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63];
const FLOATS = [0, 1, 1.5, 0.1, 1e5, -4.25, 65_504, 2 ** 53, 1e300, 1_764_000_000.123, 8.64e12, 1e-9];
const MARKS = [0x00, 0x1b, 0x40, 0x60, 0x80, 0x9f, 0xa0, 0xa1, 0xc1, 0xc2, 0xf6, 0xf7, 0xf9, 0xfa, 0xfb, 0xff];

export function randomPayload(random: Random): Uint8Array {
  const bytes = item(random, 0);
  for (let faults = random() < 0.4 ? 1 + random() * 2 : 0; faults >= 1; faults--) spoil(bytes, random);
  return Uint8Array.from(bytes);
}

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

/** The shortest head, or now and then a longer one. */
function head(random: Random, major: number, argument: number): number[] {
  const size = argument < 24 ? 0 : argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8;
  const sizes = [0, 1, 2, 4, 8];
  const wide = random() < 0.01 ? pick(random, sizes.slice(sizes.indexOf(size))) : size;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(argument));
  const info = wide === 0 ? argument : 23 + sizes.indexOf(wide);
  return [(major << 5) | info, ...new Uint8Array(view.buffer).subarray(8 - wide)];
}

function item(random: Random, depth: number): number[] {
  const kind = Math.floor(random() * (depth > 4 ? 6 : 10));
  if (kind < 2) return head(random, kind, random() < 0.5 ? Math.floor(random() * 30) : pick(random, NUMBERS));
  if (kind === 2) return bytes(random, random() * 20);
  if (kind === 3) return text(random, pick(random, TEXTS));
  if (kind === 4) return [pick(random, [0xf4, 0xf5, 0xf6, 0xf7, 0xf3])];
  if (kind === 5) return float(random);
  const size = Math.floor(random() * 4);
  if (kind === 6) return [...head(random, 4, size), ...items(random, size, depth)];
  if (kind === 7) return map(random, size, depth, () => key(random));
  return tagged(random, pick(random, TAGS), size, depth + 1);
}

function items(random: Random, size: number, depth: number): number[] {
  return Array.from({ length: size }, () => item(random, depth + 1)).flat();
}

function map(random: Random, size: number, depth: number, makeKey: () => number[]): number[] {
  const pairs = Array.from({ length: size }, () => [...makeKey(), ...item(random, depth + 1)]);
  return [...head(random, 5, size), ...pairs.flat()];
}

/** Of an object: a text, or the number of a name. */
function key(random: Random): number[] {
  return random() < 0.8 ? text(random, pick(random, TEXTS)) : head(random, 0, Math.floor(random() * 3));
}

function text(random: Random, content: string): number[] {
  const utf8 = new TextEncoder().encode(content);
  return [...head(random, 3, utf8.length), ...utf8];
}

function bytes(random: Random, size: number): number[] {
  const content = Array.from({ length: Math.floor(size) }, () => Math.floor(random() * 256));
  return [...head(random, 2, content.length), ...content];
}

function float(random: Random): number[] {
  const view = new DataView(new ArrayBuffer(8));
  const size = pick(random, [2, 4, 8]);
  if (random() < 0.3)
    view.setBigUint64(0, BigInt(Math.floor(random() * 2 ** 53)) << 11n); // any bits, among them NaNs
  else if (size === 4) view.setFloat32(0, pick(random, FLOATS) * (random() < 0.5 ? 1 : -1));
  else if (size === 8) view.setFloat64(0, pick(random, FLOATS) * (random() < 0.5 ? 1 : -1));
  else view.setUint16(0, pick(random, [0, 0x8000, 0x3c00, 0x3e00, 0x0001, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0xfe01]));
  return [size === 2 ? 0xf9 : size === 4 ? 0xfa : 0xfb, ...new Uint8Array(view.buffer).subarray(0, size)];
}

/** A tag over what it wants, or now and then over anything. */
function tagged(random: Random, tag: number, size: number, depth: number): number[] {
  return [...head(random, 6, tag), ...(random() < 0.05 ? item(random, depth) : content(random, tag, size, depth))];
}

function content(random: Random, tag: number, size: number, depth: number): number[] {
  if (tag === 1) return random() < 0.5 ? float(random) : head(random, random() < 0.5 ? 0 : 1, pick(random, NUMBERS));
  if (tag === 2 || tag === 3) return bytes(random, random() * 12);
  if (tag === 32) return text(random, pick(random, TEXTS));
  if (tag === 258) return [...head(random, 4, size), ...items(random, size, depth)];
  if (tag === 259) return map(random, size, depth, () => item(random, depth + 1));
  if (tag === 27) {
    const name = pick(random, ['P', 'P', 'B', 'X']);
    return [...head(random, 4, 1 + size), ...text(random, name), ...items(random, size, depth)];
  }
  return tag >= 68 && tag <= 86 ? bytes(random, 8 * size + (random() < 0.1 ? 1 : 0)) : item(random, depth);
}

/** One fault at a random place. */
function spoil(bytes: number[], random: Random): void {
  const at = Math.floor(random() * bytes.length);
  const way = Math.floor(random() * 5);
  const old = bytes[at] ?? 0;
  if (way === 0) bytes[at] = old ^ (1 << Math.floor(random() * 8));
  else if (way === 1) bytes[at] = pick(random, MARKS);
  else if (way === 2) bytes.splice(at, 1);
  else if (way === 3) bytes.splice(at, 0, pick(random, MARKS));
  else bytes.splice(at);
}
