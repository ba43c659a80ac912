/** The fields for the time of day and the max age -> seconds. An empty clock is the present. */
import { part, say } from '../dom.ts';
import { formatDuration, nowInSeconds } from '../token/time.ts';

export interface Clock {
  read(): { now: number; maxAge: number | undefined };
}

export function createClock(root: ParentNode, onChange: () => void): Clock {
  const time = part(root, 'clock', HTMLInputElement);
  const age = part(root, 'max-age', HTMLInputElement);
  const ageText = part(root, 'max-age-text', HTMLElement);

  function read(): { now: number; maxAge: number | undefined } {
    // The field's own number is right for a clock in UTC: such a field knows no time zone.
    const now = Number.isNaN(time.valueAsNumber) ? nowInSeconds() : time.valueAsNumber / 1000;
    const maxAge = age.valueAsNumber >= 0 ? age.valueAsNumber : undefined;
    return { now: Math.max(0, now), maxAge };
  }

  function change(): void {
    const { maxAge } = read();
    say(ageText, maxAge === undefined ? '' : `= ${formatDuration(maxAge)}`);
    onChange();
  }

  for (const field of [time, age]) field.addEventListener('input', change);
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-later]')) {
    button.addEventListener('click', () => {
      const later = Number(button.dataset['later']);
      if (later === 0) time.value = '';
      else time.valueAsNumber = (read().now + later) * 1000;
      change();
    });
  }
  return { read };
}
