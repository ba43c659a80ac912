/** The workspace, and what was turned over in the token -> the explanation that the Open view shows. */
import { type ExplainOptions, type Explanation, explain, type PastedCookie } from '@sealring/inspect';
import { flipCharacter } from '../token/flip.ts';
import { splitContext } from '../token/split.ts';
import type { Attempt, Workspace } from '../workspace.ts';

/** @param flips positions in the token whose character is changed. @returns undefined where nothing was pasted. */
export function attempt(workspace: Workspace, flips: ReadonlySet<number>): Attempt | undefined {
  const { input, cookie, name: typed, context: typedContext } = workspace.state;
  if (input.trim() === '') return undefined;
  const options = optionsOf(workspace);
  const explanation = explain(input, cookie < 0 ? options : { ...options, cookie });
  const chosen = explanation.cookies[explanation.chosen];
  const original = chosen?.value ?? '';
  const name = typed === '' ? (chosen?.name ?? '') : typed;
  const context = typedContext === '' && chosen ? foundContext(explanation, chosen) : typedContext;
  const found = { pasted: explanation, cookie: chosen, original, name, context };
  if (flips.size === 0) return { ...found, explanation, token: original };
  const token = [...flips].reduce(flipCharacter, original);
  const bound = { ...options, ...(name !== '' && { name }), ...(context !== '' && { context }) };
  return { ...found, explanation: explain(token, bound), token };
}

/** What it opened under, such as a tenant that the text names, or else the number of its parts. */
function foundContext({ opened }: Explanation, chosen: PastedCookie): string {
  return typeof opened?.context === 'string' ? opened.context : splitContext(chosen);
}

function optionsOf(workspace: Workspace): ExplainOptions {
  const { name, purpose, context, maxAge } = workspace.state;
  return {
    secrets: workspace.secrets,
    now: workspace.now,
    types: workspace.types,
    dictionary: workspace.dictionary,
    ...(name !== '' && { name }),
    ...(purpose !== '' && { purpose }),
    ...(context !== '' && { context }),
    ...(maxAge !== undefined && { maxAge }),
  };
}
