/** The Open view: what is pasted and the shared fields go in; verdict, checks, segments, payload and what can be passed on come out. */
import { make, part, say } from '../dom.ts';
import { createAnnouncer } from '../views/announcer.ts';
import type { Attempt, State, View, Workspace } from '../workspace.ts';
import { attempt } from './attempt.ts';
import { createChecksList } from './checks-list.ts';
import { createPastePanel } from './paste-panel.ts';
import { createPayloadPanel } from './payload/payload-panel.ts';
import { createTokenPanel } from './token-panel.ts';

/** What an explanation is made of: a change of anything else changes nothing here. */
const INPUTS: ReadonlySet<keyof State> = new Set<keyof State>([
  ...(['input', 'cookie', 'keys', 'name', 'purpose', 'context'] as const),
  ...(['clock', 'maxAge', 'types', 'dictionary'] as const),
]);

export function createOpenView(root: HTMLElement, workspace: Workspace): View {
  const verdict = part(root, 'verdict', HTMLElement);
  const details = part(root, 'details', HTMLElement);
  const output = part(root, 'output', HTMLElement);
  const announce = createAnnouncer(part(root, 'announce', HTMLElement));
  const paste = createPastePanel(root, workspace);
  const payload = createPayloadPanel(part(root, 'payload-card', HTMLElement), workspace);
  const token = createTokenPanel(part(root, 'token-card', HTMLElement), drawInFront);
  const checks = createChecksList(part(root, 'checks', HTMLElement), (range) => token.light(range));
  let isDrawing = false;

  /** What is not in front is drawn when it comes there. */
  function drawInFront(): void {
    if (workspace.state.view === 'open') draw();
  }

  function draw(): void {
    isDrawing = true;
    try {
      const made = suggestName(attempt(workspace, token.flips));
      paste.show(made?.pasted);
      output.hidden = made === undefined;
      if (made === undefined) showNothing();
      else show(made);
    } finally {
      isDrawing = false;
    }
  }

  /** The name that the pasted text says goes into the field; where that changes the field, everything is looked at again. */
  function suggestName(made: Attempt | undefined): Attempt | undefined {
    if (made === undefined || token.flips.size > 0) return made;
    const before = workspace.state.name;
    workspace.suggestName(made.cookie?.name ?? '');
    return before === '' || before === workspace.state.name ? made : attempt(workspace, token.flips);
  }

  function showNothing(): void {
    workspace.setShown({ attempt: undefined, openedBy: undefined });
    verdict.dataset['state'] = 'waiting';
    say(verdict, 'Paste a cookie to see what is in it.');
    details.replaceChildren();
    details.hidden = true;
    checks.show([]);
    token.clear();
    payload.clear();
    announce('');
  }

  function show(made: Attempt): void {
    const { explanation } = made;
    const { opened } = explanation;
    const rows = workspace.state.keys.filter(({ secret }) => secret !== undefined);
    workspace.setShown({ attempt: made, openedBy: opened && rows[opened.key]?.row });
    const { state, headline, details: sentences } = explanation.verdict;
    verdict.dataset['state'] = state;
    say(verdict, headline);
    details.replaceChildren(...sentences.map((sentence) => make('p', {}, sentence)));
    details.hidden = sentences.length === 0;
    checks.show(explanation.checks);
    token.show(made);
    payload.show(explanation);
    const failed = explanation.checks.find((check) => check.state === 'failed');
    announce(failed?.code === undefined ? headline : `${headline} ${failed.code}.`);
  }

  workspace.subscribe((_, changed) => {
    if (isDrawing || ![...changed].some((name) => INPUTS.has(name))) return;
    if (changed.has('input') || changed.has('cookie')) token.undo();
    drawInFront();
  });
  workspace.onHandover('open', (fields) => workspace.fill({ cookie: -1, ...fields }));

  return {
    show: draw,
    forget: draw, // the workspace is empty by now, so this empties the view, wherever it stands
  };
}
