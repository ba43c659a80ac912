/** The panel with a program that reads the cookie: chosen by framework, drawn anew with every change while it is open. */
import { copyOnClick, part, say } from '../dom.ts';
import type { Workspace } from '../workspace.ts';
import { FRAMEWORKS, type Framework, installLineOf, writeProgram } from './program.ts';
import { environmentNames } from './setup.ts';
import type { Subject } from './subject.ts';

/** What a view knows of the cookie beside what is in the workspace. */
export type CookieFacts = Pick<Subject, 'holds' | 'isSigned' | 'chunks'>;

export interface CodePanel {
  /** Something about the cookie has changed. */
  draw(): void;
}

const DEFAULT_NAME = '__Host-session';

/** @param look asked whenever a program is written. */
export function createCodePanel(root: HTMLElement, workspace: Workspace, look: () => CookieFacts): CodePanel {
  const panel = part(root, 'code-panel', HTMLDetailsElement);
  const picker = part(panel, 'framework', HTMLSelectElement);
  const code = part(panel, 'code', HTMLElement);
  const hint = part(panel, 'code-hint', HTMLElement);

  function draw(): void {
    if (!panel.open) {
      code.replaceChildren(); // nothing of what was typed stays here
      return;
    }
    const framework: Framework = FRAMEWORKS.find((name) => name === picker.value) ?? 'fetch';
    const subject = subjectOf(workspace, look());
    say(part(panel, 'install', HTMLElement), installLineOf(framework, subject));
    say(code, writeProgram(framework, subject));
    say(hint, hintFor(framework, environmentNames(subject.keys.length)));
  }

  picker.addEventListener('change', draw);
  panel.addEventListener('toggle', draw);
  workspace.subscribe(draw);
  copyOnClick(part(panel, 'copy-code', HTMLButtonElement), () => code.textContent ?? '');
  return { draw };
}

function subjectOf({ state, classTypes, dictionary }: Workspace, facts: CookieFacts): Subject {
  const keys = state.keys.filter(({ secret }) => secret !== undefined).map(({ encoding }) => encoding);
  return {
    ...facts,
    cookieName: state.name || DEFAULT_NAME,
    keys: keys.length > 0 ? keys : ['sealring'],
    purpose: state.purpose || undefined,
    context: state.context,
    maxAge: state.maxAge,
    clock: state.clock,
    types: classTypes.fields,
    dictionary,
  };
}

function hintFor(framework: Framework, names: readonly string[]): string {
  const [first, ...others] = names;
  const keys = others.length === 0 ? `The key is read from ${first}` : `The keys are read from ${names.join(', ')}`;
  const worker = framework === 'fetch' ? ' On Cloudflare Workers set the flag nodejs_compat.' : '';
  return `${keys} in the environment: no key is in this code.${worker}`;
}
