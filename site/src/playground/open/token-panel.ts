/** The token in coloured segments with legend and size, and what turns its bits over. */
import type { FormatMatch, PastedCookie, Range } from '@sealring/inspect';
import { copyOnClick, part, say } from '../dom.ts';
import { measurePasted } from '../size/size.ts';
import { showSize } from '../size/size-view.ts';
import type { Part } from '../token/parts.ts';
import { showParts } from '../views/parts-view.ts';
import { showToken } from '../views/token-view.ts';
import type { Attempt } from '../workspace.ts';
import { createTamper } from './tamper.ts';

export interface TokenPanel {
  /** Positions of the token that are turned over. */
  readonly flips: ReadonlySet<number>;
  show(attempt: Attempt): void;
  /** Marks the segments that have bytes of this range. */
  light(range: Range | undefined): void;
  /** As it was pasted again. */
  undo(): void;
  clear(): void;
}

export function createTokenPanel(root: HTMLElement, onFlip: () => void): TokenPanel {
  const view = part(root, 'token', HTMLElement);
  const bar = part(root, 'bar', HTMLElement);
  const legend = part(root, 'legend', HTMLElement);
  const formatText = part(root, 'format', HTMLElement);
  const size = part(root, 'size-row', HTMLElement);
  const chunksText = part(root, 'chunks', HTMLElement);
  const tamper = createTamper(root, view, { onChange: onFlip, onMove: draw });
  let shown: { token: string; parts: readonly Part[] } = { token: '', parts: [] };
  let lit: Range | undefined;

  function draw(): void {
    const { token, parts } = shown;
    showToken(view, { token, parts, flipped: tamper.flips, cursor: tamper.cursor });
    mark();
  }

  function mark(): void {
    const names = shown.parts.filter(({ from, to }) => lit && from < lit.to && lit.from < to).map(({ name }) => name);
    for (const element of root.querySelectorAll<HTMLElement>('[data-part]')) {
      element.toggleAttribute(
        'data-lit',
        names.some((name) => name === element.dataset['part']),
      );
    }
  }

  copyOnClick(part(root, 'copy-token', HTMLButtonElement), () => shown.token);

  return {
    get flips() {
      return tamper.flips;
    },
    show({ explanation, cookie, original, token, name }) {
      // The segments of a token whose lead was turned over cannot be told, but they stand where they stood.
      const parts: Part[] = explanation.segments.map(({ bytes, ...segment }) => ({ ...segment, ...bytes }));
      if (parts.length > 0 || tamper.flips.size === 0) shown = { token, parts };
      else shown = { token, parts: shown.parts };
      say(formatText, describeFormat(explanation.format));
      tamper.start(original, shown.parts);
      draw();
      showParts(bar, legend, shown.parts);
      const isOne = cookie?.chunks === 1;
      size.hidden = name === '' || !isOne;
      if (isOne) showSize(size, measurePasted(cookie, name));
      say(chunksText, cookie && !isOne ? describeChunks(cookie) : '');
    },
    light(range) {
      lit = range;
      mark();
    },
    undo: tamper.undo,
    clear() {
      shown = { token: '', parts: [] };
      tamper.undo();
      tamper.start('', []);
      view.replaceChildren();
      for (const element of [bar, legend]) element.replaceChildren();
      for (const text of [formatText, chunksText]) say(text, '');
    },
  };
}

function describeFormat(format: FormatMatch | undefined): string {
  if (format === undefined) return '';
  return `${format.label}, ${Math.round(100 * format.confidence)} % sure: ${format.reasons.join(', ')}.`;
}

function describeChunks({ chunks, missing }: PastedCookie): string {
  return missing.length === 0
    ? `Split over ${chunks} cookies of at most 4,096 bytes each.`
    : `Of ${chunks} cookies these are missing or not whole: ${missing.join(', ')}.`;
}
