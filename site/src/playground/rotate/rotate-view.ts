/** The Rotate view: the keys of the workspace, if there are any, take part in the timeline. */
import { generateKey, type Secret } from '@sealring/codec';
import { cookiePurpose } from '@sealring/wire';
import { part, say } from '../dom.ts';
import type { View, Workspace } from '../workspace.ts';
import { defineRotationTimeline, RotationTimeline } from './rotation-timeline.ts';
import type { RotationKeys } from './visits.ts';

const DEFAULT_PURPOSE = cookiePurpose('session');

export function createRotateView(root: HTMLElement, workspace: Workspace): View {
  defineRotationTimeline();
  const which = part(root, 'which-keys', HTMLElement);
  let fresh: Secret | undefined;

  function update(): void {
    const timeline = root.querySelector('rotation-timeline');
    if (!(timeline instanceof RotationTimeline)) throw new TypeError('The page expected a rotation-timeline');
    const { secrets } = workspace;
    say(which, describeKeys(secrets.length));
    timeline.use(chooseKeys(secrets), workspace.purpose || DEFAULT_PURPOSE);
  }

  /** The first key seals now, so the one after it is the one that it replaced. */
  function chooseKeys([current, older]: readonly Secret[]): RotationKeys | undefined {
    if (current === undefined) {
      fresh = undefined;
      return undefined;
    }
    if (older !== undefined) return { A: older, B: current };
    fresh ??= generateKey();
    return { A: current, B: fresh };
  }

  workspace.subscribe(({ view }, changed) => {
    // In any view: keys that are gone there must not live on here.
    if (changed.has('keys') || (view === 'rotate' && (changed.has('name') || changed.has('purpose')))) update();
  });

  return {
    show: update,
    forget: update, // the workspace is empty by now
  };
}

function describeKeys(count: number): string {
  if (count === 0) return 'A and B are the two demo keys, as no key is given.';
  if (count === 1) return 'A is the key given here; B is a new one, made for this timeline.';
  return 'B is the first of the keys given here, A the second, which it replaces.';
}
