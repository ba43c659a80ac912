/** A pasted cookie -> the context that its token is bound to where it was split: its number of cookies, which the token alone does not tell. */
import type { PastedCookie } from '@sealring/inspect';
import { bindingOf } from '@sealring/wire';

/** As the session layer writes it; empty for a token that is in one cookie. */
export const splitContext = ({ chunks }: PastedCookie): string => bindingOf(chunks, undefined) ?? '';
