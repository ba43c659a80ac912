/** A page as it stands -> the visible texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3). */
import type { Page } from 'playwright';

export function lowContrast(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

    /** Red, green, blue and opacity from 0 to 255, however the style spells the colour. */
    function pixel(color: string): Uint8ClampedArray {
      canvas?.clearRect(0, 0, 1, 1);
      if (canvas) canvas.fillStyle = color;
      canvas?.fillRect(0, 0, 1, 1);
      return canvas?.getImageData(0, 0, 1, 1).data ?? new Uint8ClampedArray(4);
    }

    function luminance([red = 0, green = 0, blue = 0]: Uint8ClampedArray): number {
      const linear = (part: number) => (part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    function background(element: Element | null): Uint8ClampedArray {
      if (element === null) return pixel('white');
      const color = pixel(getComputedStyle(element).backgroundColor);
      return color[3] === 255 ? color : background(element.parentElement);
    }

    const low: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const element = text.parentElement;
      const words = text.textContent?.trim();
      const isShown = element?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (!(words && isShown) || element?.closest('svg, :disabled')) continue; // drawings are looked at by people
      const [one, other] = [pixel(getComputedStyle(element ?? document.body).color), background(element)].map(
        luminance,
      );
      const [lighter, darker] = [Math.max(one ?? 0, other ?? 0), Math.min(one ?? 0, other ?? 0)];
      const contrast = (lighter + 0.05) / (darker + 0.05);
      if (contrast < 4.5) low.push(`${contrast.toFixed(2)} ${words.slice(0, 40)}`);
    }
    return low;
  });
}
