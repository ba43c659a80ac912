/** The panels for the link and for the bug ticket: made when they are opened, so that closed ones cost nothing. */
import { addressOf, copyOnClick, make, part, say } from '../../dom.ts';
import type { Workspace } from '../../workspace.ts';
import { shareLink } from './link.ts';
import { formatTicket } from './ticket.ts';

export function createSharePanel(root: HTMLElement, workspace: Workspace): void {
  const share = part(root, 'share', HTMLDetailsElement);
  const ticket = part(root, 'ticket', HTMLDetailsElement);
  const link = part(root, 'share-link', HTMLTextAreaElement);
  const copyLink = part(root, 'copy-link', HTMLButtonElement);
  const withToken = part(root, 'ticket-token', HTMLInputElement);
  const withValues = part(root, 'ticket-values', HTMLInputElement);
  const ticketText = part(root, 'ticket-text', HTMLElement);

  // A browser tells of an opened panel a little later than it can be used: what is copied is made anew.
  const makeLink = () => {
    const { attempt } = workspace.state.shown;
    return attempt && shareLink(attempt, workspace, addressOf('/playground/'));
  };

  const makeTicket = () => {
    const { now, state } = workspace;
    const options = { withToken: withToken.checked, withValues: withValues.checked, keys: state.keys, now };
    return state.shown.attempt && formatTicket(state.shown.attempt, options);
  };

  function drawLink(): void {
    const made = share.open ? makeLink() : undefined;
    if (made === undefined) return;
    const { href, holds, omits, warning } = made;
    say(part(root, 'share-warning', HTMLElement), warning);
    part(root, 'share-holds', HTMLElement).replaceChildren(...holds.map((text) => make('li', {}, text)));
    part(root, 'share-omits', HTMLElement).replaceChildren(...omits.map((text) => make('li', {}, text)));
    link.value = href;
    copyLink.disabled = href === '';
  }

  /** Nothing of what was shown stays here. */
  function clear(): void {
    link.value = '';
    for (const name of ['share-holds', 'share-omits', 'ticket-text']) part(root, name, HTMLElement).replaceChildren();
  }

  function drawTicket(): void {
    if (ticket.open) ticketText.textContent = makeTicket() ?? '';
  }

  share.addEventListener('toggle', drawLink);
  ticket.addEventListener('toggle', drawTicket);
  for (const box of [withToken, withValues]) box.addEventListener('change', drawTicket);
  copyOnClick(copyLink, () => makeLink()?.href ?? '');
  copyOnClick(part(root, 'copy-ticket', HTMLButtonElement), () => makeTicket() ?? '');

  workspace.subscribe((state, changed) => {
    if (!changed.has('shown')) return;
    if (state.shown.attempt === undefined) clear();
    drawLink();
    drawTicket();
  });
}
