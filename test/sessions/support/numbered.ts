/** Numbers <-> data of changing size that show whether they are whole. */

export function formatNumbered(number: number): Uint8Array {
  const data = new Uint8Array(4 + ((number * 7_919) % 20_000)).map((_, at) => (number + at) & 255);
  new DataView(data.buffer).setUint32(0, number);
  return data;
}

/** @returns undefined when it is not, byte for byte, what `formatNumbered` gave for any number. */
export function parseNumbered(data: Uint8Array): number | undefined {
  if (data.length < 4) return undefined;
  const number = new DataView(data.buffer, data.byteOffset).getUint32(0);
  return Buffer.compare(data, formatNumbered(number)) === 0 ? number : undefined;
}
