/** An explanation -> what a program has to know of the cookie that was explained. */
import type { Explanation } from '@sealring/inspect';
import type { CookieFacts } from './code-panel.ts';

/** What could not be opened is taken for a session, as most cookies are. */
export function cookieFactsOf(explanation: Explanation | undefined): CookieFacts {
  const { opened, mode, cookies = [], chosen = -1 } = explanation ?? {};
  return {
    holds: opened === undefined ? 'session' : (opened.session?.kind ?? 'value'),
    isSigned: mode === 'signed',
    chunks: cookies[chosen]?.chunks ?? 1,
  };
}
