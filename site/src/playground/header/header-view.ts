/** The Header view: a pasted header goes in, a table of its cookies comes out, with the way into the Open view for each. */
import { createSealer } from '@sealring/codec';
import { cookiePurpose, DEFAULT_MAX_AGE } from '@sealring/wire';
import { part, say } from '../dom.ts';
import { DEMO_KEYS } from '../keys/demo-keys.ts';
import { recordOf } from '../seal/record.ts';
import { createAnnouncer } from '../views/announcer.ts';
import type { View, Workspace } from '../workspace.ts';
import { rowElement } from './row-view.ts';
import { NODE_HEADER_LIMIT, type Row, readTable } from './rows.ts';

const number = (count: number) => count.toLocaleString('en');

export function createHeaderView(root: HTMLElement, workspace: Workspace): View {
  const field = part(root, 'header-text', HTMLTextAreaElement);
  const announce = createAnnouncer(part(root, 'announce', HTMLElement));
  let isUntouched = true; // nothing has been pasted yet, so there is nothing to say of it

  function update(): void {
    const { secrets, now, types, dictionary, state } = workspace;
    const { rows, left, headerBytes } = readTable(field.value, {
      secrets,
      now,
      types,
      dictionary,
      maxAge: state.maxAge,
    });
    const isTooLarge = headerBytes > NODE_HEADER_LIMIT;
    const count = rows.length + left;
    part(root, 'header-output', HTMLElement).hidden = count === 0;
    const isBlank = field.value.trim() === '';
    isUntouched &&= isBlank;
    const empty = isBlank ? 'Paste cookies to see each of them.' : 'There is no cookie in this text.';
    say(part(root, 'header-empty', HTMLElement), count > 0 ? '' : empty);
    say(part(root, 'header-title', HTMLElement), count === 1 ? '1 cookie' : `${number(count)} cookies`);
    say(
      part(root, 'header-size', HTMLElement),
      `As a Cookie header: ${number(headerBytes)} bytes. Node takes ${number(NODE_HEADER_LIMIT)} bytes for all headers of a request.`,
    );
    say(
      part(root, 'header-warning', HTMLElement),
      isTooLarge ? 'More than Node takes: it answers 431 to every request that brings these cookies.' : '',
    );
    part(root, 'header-rows', HTMLElement).replaceChildren(...rows.map((row) => rowElement(row, () => open(row))));
    say(part(root, 'header-left', HTMLElement), left > 0 ? `And ${number(left)} more, which are not shown.` : '');
    const warned = rows.filter(({ warnings }) => warnings.length > 0).length;
    if (count > 0) announce(`${number(count)} cookies, ${warned} with a warning.`);
    else if (!isUntouched) announce(empty);
  }

  function open({ input, cookie, name }: Row): void {
    // What else was typed there is of another token: a purpose would win over the name.
    workspace.handover('open', { input, name, purpose: '', context: '' });
    if (cookie > 0) workspace.set({ cookie });
  }

  field.addEventListener('input', update);
  part(root, 'header-example', HTMLButtonElement).addEventListener('click', () => {
    field.value = exampleHeader(workspace.now);
    update();
  });
  workspace.subscribe(({ view }) => {
    if (view === 'header') update();
  });
  workspace.onHandover('header', ({ text }) => {
    field.value = text;
    update();
  });

  return {
    show: update,
    forget() {
      field.value = '';
      update();
    },
  };
}

/** Good and bad cookies, sealed with the first demo key. */
function exampleHeader(now: number): string {
  const secret = DEMO_KEYS.get('demo-1') ?? '';
  const login = createSealer({ keys: [secret], purpose: cookiePurpose('__Host-login'), reserved: true });
  const cart = createSealer({ keys: [{ secret, encrypt: false }], purpose: cookiePurpose('cart'), reserved: true });
  return [
    `Set-Cookie: __Host-login=${login.seal(recordOf({ userId: 'u_4071', roles: ['editor'] }, now), { now })}; Max-Age=${DEFAULT_MAX_AGE}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    `Set-Cookie: cart=${cart.seal(recordOf({ items: ['pear', 'plum'] }, now), { now })}; Path=/; SameSite=None`,
    `Set-Cookie: __Host-theme=dark; Domain=example.org; Path=/; Secure`,
    `Set-Cookie: draft=${'long '.repeat(900).trim().replaceAll(' ', '-')}; Path=/; HttpOnly; Secure; SameSite=Strict`,
    'Set-Cookie: theme=dark; Path=/; Max-Age=31536000; SameSite=Lax; Secure; HttpOnly',
  ].join('\n');
}
