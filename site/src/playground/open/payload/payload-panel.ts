/** What was sealed: as session, tree, JSON, CBOR diagnostic notation and types, beside its bytes; a choice in one is a choice in all. */
import { createSealer, generateKey, SealError } from '@sealring/codec';
import { annotate, type Explanation, formatDiagnostic } from '@sealring/inspect';
import { copyOnClick, enableSteps, part, say } from '../../dom.ts';
import { cut, formatValue } from '../../notation/format-value.ts';
import { toHex } from '../../token/hex.ts';
import { createTabs } from '../../views/tabs.ts';
import type { Workspace } from '../../workspace.ts';
import { createAnnotatedView } from './annotated-view.ts';
import { createHexView } from './hex-view.ts';
import { createSelection, type Selection } from './selection.ts';
import { showSession } from './session-pane.ts';
import { createTreeView } from './tree-view.ts';
import { classesIn, classRow, showTypes } from './types-pane.ts';

export interface PayloadPanel {
  show(explanation: Explanation): void;
  clear(): void;
}

export function createPayloadPanel(root: HTMLElement, workspace: Workspace): PayloadPanel {
  const mark = part(root, 'payload-mark', HTMLElement);
  const json = part(root, 'json', HTMLElement);
  const diagnostic = part(root, 'diagnostic', HTMLElement);
  const reseal = part(root, 'reseal', HTMLButtonElement);
  const sessionTab = root.querySelector<HTMLElement>('[data-tab="session"]');
  const pageButtons = [...root.querySelectorAll<HTMLButtonElement>('[data-page]')];
  const tree = createTreeView(part(root, 'tree', HTMLElement));
  const hexView = createHexView(part(root, 'hex', HTMLElement), showPages);
  const annotated = createAnnotatedView(part(root, 'annotated', HTMLElement), showPages);
  let readAs = 'tree';
  let bytesAs = 'hex';
  let selection: Selection | undefined;
  let explanation: Explanation | undefined;
  let shownFor = '';
  let texts = { json: '', diagnostic: '' };

  const readingTabs = createTabs(part(root, 'payload-tabs', HTMLElement), (name) => {
    readAs = name;
    showReading();
  });
  createTabs(part(root, 'bytes-tabs', HTMLElement), (name) => {
    bytesAs = name;
    if (selection && name === 'annotated' && annotated.pages === 0) annotated.show(selection);
    if (selection) follow(selection, 'selected');
    showPages();
  });

  const shownBytes = () => (bytesAs === 'hex' ? hexView : annotated);

  function showPages(): void {
    const view = shownBytes();
    part(root, 'pages', HTMLElement).hidden = view.pages < 2;
    say(part(root, 'page-text', HTMLElement), view.text);
    enableSteps(pageButtons, ({ dataset }) => {
      const to = view.page + Number(dataset['page']);
      return to >= 0 && to < view.pages;
    });
  }

  function turnPage(step: number): void {
    if (selection) shownBytes().show(selection, shownBytes().page + step);
  }

  function follow(its: Selection, what: 'selected' | 'hovered'): void {
    tree.mark(its, what);
    shownBytes().mark(its, what);
    if (what === 'selected') say(part(root, 'item', HTMLElement), describe(its));
  }

  /** Of the tabs only the one that shows is filled: a long payload is not written four times. */
  function showReading(): void {
    if (explanation === undefined || selection === undefined) return;
    const { classTypes, now } = workspace;
    const { session } = explanation.opened ?? {};
    if (readAs === 'session' && session) showSession(part(root, 'session', HTMLElement), session, now, classTypes);
    if (readAs === 'types') showTypes(part(root, 'types', HTMLElement), selection.annotation.root, workspace);
    if (readAs === 'json') json.textContent = cut((texts.json ||= asJson(explanation, selection.bytes, workspace)));
    if (readAs === 'diagnostic') diagnostic.textContent = cut((texts.diagnostic ||= formatDiagnostic(selection.bytes)));
  }

  function startAnew(bytes: Uint8Array, key: string): void {
    shownFor = key;
    texts = { json: '', diagnostic: '' };
    const made: Selection = createSelection(bytes, annotate(bytes, { dictionary: workspace.dictionary }), (what) =>
      follow(made, what),
    );
    selection = made;
    root.hidden = false;
    tree.show(made);
    hexView.show(made);
    annotated.clear();
    if (bytesAs === 'annotated') annotated.show(made);
    say(part(root, 'item', HTMLElement), describe(made));
    chooseTab();
    showPages();
  }

  /** A session is first read as one; where there is none, its tab is not there. */
  function chooseTab(): void {
    const hasSession = explanation?.opened?.session !== undefined;
    const wasHidden = sessionTab?.hidden ?? true;
    if (sessionTab) sessionTab.hidden = !hasSession;
    if (hasSession && wasHidden) readAs = 'session';
    else if (!hasSession && readAs === 'session') readAs = 'tree';
    readingTabs.select(readAs);
  }

  function clear(): void {
    root.hidden = true;
    selection = explanation = undefined;
    shownFor = '';
    texts = { json: '', diagnostic: '' };
    tree.clear();
    hexView.clear();
    annotated.clear();
    for (const name of ['session', 'types', 'json', 'diagnostic', 'item'])
      part(root, name, HTMLElement).replaceChildren();
    if (sessionTab) sessionTab.hidden = true;
  }

  for (const button of pageButtons) {
    button.addEventListener('click', () => turnPage(Number(button.dataset['page'])));
  }
  copyOnClick(part(root, 'copy-json', HTMLButtonElement), () => texts.json);
  copyOnClick(part(root, 'copy-diagnostic', HTMLButtonElement), () => texts.diagnostic);
  copyOnClick(part(root, 'copy-hex', HTMLButtonElement), () => toHex(selection?.bytes ?? new Uint8Array()));
  reseal.addEventListener('click', () => {
    const { opened, mode } = explanation ?? {};
    if (opened) workspace.handover('seal', { value: opened.value, mode: mode ?? 'sealed', session: opened.session });
  });

  return {
    show(next) {
      explanation = next;
      const bytes = next.payload ?? next.unverified;
      if (bytes === undefined) {
        clear();
        return;
      }
      const { types, dictionary } = workspace.state;
      const key = [types, dictionary, next.opened === undefined, next.payload === undefined].join('\n');
      if (key !== shownFor || !isSame(bytes, selection?.bytes)) startAnew(bytes, key);
      showMark(mark, next);
      if (next.opened === undefined && next.payload)
        mark.append(...classesIn(selection?.annotation.root).map((found) => classRow(found, workspace)));
      reseal.disabled = next.opened === undefined;
      showReading();
    },
    clear,
  };
}

const isSame = (one: Uint8Array, other: Uint8Array | undefined) =>
  one.length === other?.length && one.every((byte, at) => byte === other[at]);

/** Above all else: whether what is shown may be believed. */
function showMark(mark: HTMLElement, { payload, opened, checks }: Explanation): void {
  const failed = checks.find(({ state }) => state === 'failed');
  mark.dataset['state'] = payload === undefined ? 'unverified' : failed ? 'refused' : 'good';
  mark.hidden = payload !== undefined && failed === undefined;
  if (payload === undefined) {
    mark.replaceChildren(
      'Unverified. Anyone could have written this: nothing vouches for it. A program must not use it.',
    );
  } else if (failed?.id === 'age') {
    mark.replaceChildren('Authentic, but not good at this time: a program does not get it.');
  } else if (opened === undefined) {
    mark.replaceChildren('Authentic, but it cannot be read as a value here. ');
  } else mark.replaceChildren();
}

function asJson({ opened, payload }: Explanation, bytes: Uint8Array, workspace: Workspace): string {
  const { classTypes, types, dictionary } = workspace;
  if (opened) return formatValue(opened.value, classTypes);
  try {
    // Nothing is opened here: the key is only there because a sealer has one.
    const reader = createSealer({ keys: [generateKey()], purpose: 'read', types, dictionary });
    return formatValue(reader.decode(bytes), classTypes);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return `// ${error.message}${payload ? '' : ' (unverified)'}`;
  }
}

function describe({ selected, bytes, annotation }: Selection): string {
  if (selected === undefined) {
    const fault = annotation.fault ? ` Byte ${annotation.fault.at}: ${annotation.fault.message}.` : '';
    return `${bytes.length.toLocaleString('en')} bytes. Choose an item or a byte.${fault}`;
  }
  const { from, to } = selected.bytes;
  const where = to - from === 1 ? `Byte ${from}` : `Bytes ${from}–${to - 1}`;
  return `${where}: ${selected.label}${selected.meaning === '' ? '' : `, ${selected.meaning}`}`;
}
