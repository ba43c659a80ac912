/** What is looked at and the keys -> a link, with lists of what is in it and what is not, and why it should not be made. */
import { formatFragment } from '../../fragment.ts';
import { formatDuration, formatUtc } from '../../token/time.ts';
import type { Attempt, Workspace } from '../../workspace.ts';
import { holdsKey, KEY_WARNING } from './key-in-text.ts';

export interface SharedLink {
  /** Empty where a key would be in it. */
  readonly href: string;
  readonly holds: readonly string[];
  readonly omits: readonly string[];
  /** To be read before it is copied; empty where there is nothing to say. */
  readonly warning: string;
}

export function shareLink({ token, name, context, pasted }: Attempt, workspace: Workspace, page: string): SharedLink {
  const { purpose, clock, maxAge, keys, types, dictionary } = workspace.state;
  const demos = keys.flatMap(({ demo, secret }) => (demo !== undefined && secret !== undefined ? demo : []));
  const typed = keys.filter(({ demo, text }) => demo === undefined && text.trim() !== '');
  const fields = { name, purpose, context, clock, maxAge };
  const href = page + formatFragment({ view: 'open', token, fields, keys: demos });
  const holds = [
    `the cookie’s value, ${token.length.toLocaleString('en')} characters`,
    ...(name === '' ? [] : [`the name ${name}`]),
    ...(purpose === '' ? [] : [`the purpose ${purpose}`]),
    ...(context === '' ? [] : [`the context ${context}`]),
    ...(clock === undefined ? [] : [`the clock, ${formatUtc(clock)}`]),
    ...(maxAge === undefined ? [] : [`the max age, ${formatDuration(maxAge)}`]),
    ...demos.map((id) => `${id}, which everybody knows, by its id`),
  ];
  const omits = [
    typed.length === 0
      ? 'any key of yours'
      : typed.length === 1
        ? 'the key that you typed'
        : `the ${typed.length} keys that you typed`,
    'what was opened with them',
    ...(types === '' ? [] : ['the classes']),
    ...(dictionary === '' ? [] : ['the dictionary']),
  ];
  if (holdsKey([token, name, purpose, context], keys)) return { href: '', holds: [], omits, warning: KEY_WARNING };
  return { href, holds, omits, warning: warningFor(pasted.mode, demos.length > 0) };
}

function warningFor(mode: 'sealed' | 'signed' | undefined, hasDemoKey: boolean): string {
  if (mode === 'signed')
    return 'This token is signed, not encrypted: whoever has the link can read all that is in it, without any key.';
  if (mode === 'sealed')
    return hasDemoKey ? 'The link names a demo key: whoever has it can read whatever that key opens.' : '';
  return 'This is no Sealring token: the link holds the text as it was pasted, and whoever has it can read it.';
}
