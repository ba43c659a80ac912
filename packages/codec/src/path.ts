/** Where in a value something was found: the way down from `$`, kept while lowering and written out only for a message. */

/** One step down: a field's name, an array's index, or the nth entry of a Map or Set. Never a Map's key: that is the user's data. */
export type Step = string | number | { readonly part: 'key' | 'value' | 'member'; readonly at: number } | undefined;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const LONGEST_NAME = 64;

/** @returns for example `$.cart[2].price`, `$["two words"]`, `$.tags.member(0)`. */
export function formatPath(steps: readonly Step[]): string {
  return `$${steps.map(formatStep).join('')}`;
}

function formatStep(step: Step): string {
  if (step === undefined) return '';
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step === 'object') return `.${step.part}(${step.at})`;
  if (IDENTIFIER.test(step) && step.length <= LONGEST_NAME) return `.${step}`;
  return `[${JSON.stringify(step.length > LONGEST_NAME ? `${step.slice(0, LONGEST_NAME)}…` : step)}]`;
}
