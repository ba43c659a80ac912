/** The steps from the root of a value to one part of it -> a path such as `$.cart[2].price`, for messages. */

/** One step down: the name of a property, the index of an array, or the nth entry of a Map or Set. */
export type Step = string | number | { readonly part: 'key' | 'value' | 'member'; readonly at: number } | undefined;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,63}$/u;

/**
 * Returns for example `$.cart[2].price` or `$.tags.member(0)`. The path shows names that a program could write after a dot. Other keys of objects
 * and all keys of Maps may be data, such as an email address. The path does not show them: it has `["…"]` for such a key of an object.
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
