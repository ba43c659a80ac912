/** The token in coloured segments with legend and size, and what turns its bits over. */
import type { Range } from '@sealring/inspect';
import { copyOnClick, part, say } from '../dom.ts';
import { cookieBytes, formatCookieSize } from '../token/cookie-size.ts';
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
  const size = part(root, 'size', HTMLElement);
  const sizeRow = part(root, 'size-row', HTMLElement);
  const meter = part(root, 'meter', HTMLMeterElement);
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
    show({ explanation, original, token, name }) {
      // The segments of a token whose lead was turned over cannot be told, but they stand where they stood.
      const parts: Part[] = explanation.segments.map(({ bytes, ...segment }) => ({ ...segment, ...bytes }));
      if (parts.length > 0 || tamper.flips.size === 0) shown = { token, parts };
      else shown = { token, parts: shown.parts };
      tamper.start(original, shown.parts);
      draw();
      showParts(bar, legend, shown.parts);
      sizeRow.hidden = name === '';
      meter.value = cookieBytes(name, token);
      const { chunks = 1, missing = [] } = explanation.cookies[explanation.chosen] ?? {};
      if (chunks === 1) say(size, formatCookieSize(name, token));
      else if (missing.length === 0) say(size, `Split over ${chunks} cookies of at most 4,096 bytes each.`);
      else say(size, `Of ${chunks} cookies these are missing or not whole: ${missing.join(', ')}.`);
      sizeRow.dataset['state'] = cookieBytes(name, token) > 4096 && chunks === 1 ? 'failed' : 'passed';
    },
    light(range) {
      lit = range;
      mark();
    },
    undo: tamper.undo,
    clear() {
      shown = { token: '', parts: [] };
      tamper.undo();
      view.replaceChildren();
    },
  };
}
