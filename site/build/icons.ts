/** `favicon.svg` goes in; the pictures that systems want of it come out: PNG in three sizes, and one of 32 pixels in an ICO. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import type { AstroIntegration } from 'astro';

export const icons = (): AstroIntegration => ({
  name: 'icons',
  hooks: {
    'astro:build:done': async ({ dir }) => {
      const folder = fileURLToPath(dir);
      const svg = await readFile(join(folder, 'favicon.svg'), 'utf8');
      // With room around it and a ground of its own: systems cut such pictures to a circle or put them on black.
      const padded = svg.replace(
        'viewBox="0 0 32 32">',
        'viewBox="-6 -6 44 44"><rect x="-6" y="-6" width="44" height="44" fill="#fff"/>',
      );
      if (padded === svg) throw new Error('favicon.svg expected viewBox="0 0 32 32"');
      await Promise.all([
        writeFile(join(folder, 'favicon.ico'), toIco(draw(svg, 32))),
        writeFile(join(folder, 'apple-touch-icon.png'), draw(padded, 180)),
        writeFile(join(folder, 'icon-192.png'), draw(padded, 192)),
        writeFile(join(folder, 'icon-512.png'), draw(padded, 512)),
      ]);
    },
  },
});

const draw = (svg: string, width: number) =>
  new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();

/** One picture in an icon file: a header of 6 bytes, an entry of 16, the PNG. */
function toIco(png: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(22));
  head.setUint16(2, 1, true); // an icon
  head.setUint16(4, 1, true); // one picture
  head.setUint8(6, 32);
  head.setUint8(7, 32);
  head.setUint16(10, 1, true); // colour planes
  head.setUint16(12, 32, true); // bits of a pixel
  head.setUint32(14, png.length, true);
  head.setUint32(18, 22, true); // where it begins
  return Buffer.concat([new Uint8Array(head.buffer), png]);
}
