/** Where in a value something was found: the way down from `$`, kept while lowering and written out only for a message. */

/** One step down: the name of a property, the index of an array, or the nth entry of a Map or Set. */
export type Step = string | number | { readonly part: 'key' | 'value' | 'member'; readonly at: number } | undefined;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,63}$/u;

/**
 * Returns for example `$.cart[2].price` or `$.tags.member(0)`. A message shows names that stand in a program; a key of a Map or of an object that
 * no program would write with a point, such as an email address, is data, and `["…"]` stands for it.
 */
export function formatPath(steps: readonly Step[]): string {
  return `$${steps.map(formatStep).join('')}`;
}

function formatStep(step: Step): string {
  if (step === undefined) return '';
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step === 'object') return `.${step.part}(${step.at})`;
  return IDENTIFIER.test(step) ? `.${step}` : '["…"]';
}
