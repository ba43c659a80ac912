/** The clock: the present or any other time, by field, slider and buttons; and the max age that expiry follows from. */
import { part, say } from '../dom.ts';
import { formatDuration, formatInstant, nowInSeconds } from '../token/time.ts';
import type { Workspace } from '../workspace.ts';

const MARGIN = 0.25; // how far the slider goes beyond expiry, as a share of the token's life

export function createClockPanel(root: HTMLElement, workspace: Workspace): void {
  const time = part(root, 'clock', HTMLInputElement);
  const age = part(root, 'max-age', HTMLInputElement);
  const ageText = part(root, 'max-age-text', HTMLElement);
  const slider = part(root, 'clock-slider', HTMLInputElement);
  const sliderRow = part(root, 'clock-slider-row', HTMLElement);
  const says = part(root, 'clock-text', HTMLElement);
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('[data-clock-to]')];

  /** From when the token was issued to somewhat after it has expired; a day where nothing says how long it is good. */
  function span(): { from: number; expiry: number | undefined; to: number } | undefined {
    const issuedAt = workspace.state.shown.attempt?.explanation.issuedAt;
    const { maxAge } = workspace.state;
    if (issuedAt === undefined) return undefined;
    const life = maxAge ?? Math.max(86_400, 1.25 * (nowInSeconds() - issuedAt));
    const to = Math.ceil(issuedAt + life + Math.max(60, life * MARGIN));
    return { from: issuedAt, expiry: maxAge === undefined ? undefined : issuedAt + maxAge, to };
  }

  function draw(): void {
    const { clock, maxAge } = workspace.state;
    const { now } = workspace;
    const reach = span();
    const shown = clock === undefined ? '' : new Date(clock * 1000).toISOString().slice(0, 19);
    if (time.value !== shown && time.valueAsNumber !== (clock ?? Number.NaN) * 1000) time.value = shown;
    // What is typed stays as it is while it says the same.
    if (!Object.is(age.valueAsNumber, maxAge ?? Number.NaN)) age.value = maxAge === undefined ? '' : String(maxAge);
    say(ageText, maxAge === undefined ? '' : `= ${formatDuration(maxAge)}`);
    sliderRow.hidden = reach === undefined;
    if (reach) {
      slider.min = String(reach.from);
      slider.max = String(reach.to);
      slider.step = String(Math.max(1, Math.round((reach.to - reach.from) / 200)));
      slider.value = String(now);
    }
    const text = clock === undefined ? 'now' : formatInstant(clock, nowInSeconds());
    slider.setAttribute('aria-valuetext', text);
    say(says, text);
    for (const button of buttons) button.disabled = targetOf(button.dataset['clockTo'] ?? '') === null;
  }

  /** Where a button sets the clock; null where that cannot be told yet. */
  function targetOf(name: string): number | undefined | null {
    const reach = span();
    switch (name) {
      case 'now':
        return undefined;
      case 'issued':
        return reach?.from ?? null;
      case 'good':
        return reach?.expiry ?? null;
      case 'expired':
        return reach?.expiry === undefined ? null : reach.expiry + 1;
      default:
        return workspace.now + Number(name);
    }
  }

  time.addEventListener('input', () => {
    // The field's own number is right for a clock in UTC: such a field knows no time zone.
    const seconds = time.valueAsNumber / 1000;
    workspace.set({ clock: Number.isNaN(seconds) ? undefined : Math.max(0, seconds) });
  });
  age.addEventListener('input', () => {
    workspace.set({ maxAge: age.valueAsNumber >= 0 ? age.valueAsNumber : undefined });
  });
  slider.addEventListener('input', () => workspace.set({ clock: slider.valueAsNumber }));
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const target = targetOf(button.dataset['clockTo'] ?? '');
      if (target !== null) workspace.set({ clock: target });
    });
  }
  workspace.subscribe((_, changed) => {
    if ((['clock', 'maxAge', 'shown'] as const).some((name) => changed.has(name))) draw();
  });
  draw();
}
