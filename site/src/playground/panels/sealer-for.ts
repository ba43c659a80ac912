/** Key, purpose and mode as typed -> a sealer of the real codec. */
import { createSealer, type Mode, regExpType, type Sealer, typeRegistry } from '@sealring/codec';

/** Makes tokens of one mode. */
export function sealerFor(secret: string, purpose: string, mode: Mode): Sealer {
  return createSealer({ keys: [{ secret, encrypt: mode === 'sealed' }], purpose, types: types() });
}

/** Opens tokens of either mode: a visitor of this page should not have to know which one was pasted. */
export function openerFor(secret: string, purpose: string): Sealer {
  return createSealer({ keys: [secret, { secret, encrypt: false }], purpose, types: types() });
}

/** What is wrong with what a token is bound to, or an empty text. */
export function bindingProblem(purpose: string, context: string): string {
  if (purpose === '') return 'A purpose is needed: what the token is for, such as cookie:session.';
  return purpose.isWellFormed() && context.isWellFormed() ? '' : 'Purpose or context holds half of a character.';
}

const types = () => typeRegistry().register('RegExp', RegExp, regExpType);
