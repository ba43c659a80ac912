/** Seconds since the epoch -> text with the date, the time of day and how long ago that is. */

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const LAST = 8.64e12; // ECMA-262 §21.4.1.1: the last second that a Date can hold; a token may hold any number

/** For example `2026-11-23 06:30:00 UTC, 3 minutes ago`. */
export function formatInstant(seconds: number, now: number): string {
  return isInCalendar(seconds) ? `${formatUtc(seconds)}, ${formatAgo(seconds, now)}` : formatUtc(seconds);
}

/** For example `2026-11-23 06:30:00 UTC`; of what no calendar has, the number. */
export const formatUtc = (seconds: number): string =>
  isInCalendar(seconds)
    ? new Date(seconds * 1000)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z/, ' UTC')
    : `${seconds} seconds`;

const isInCalendar = (seconds: number) => Math.abs(seconds) <= LAST;

function formatAgo(seconds: number, now: number): string {
  const away = seconds - now;
  if (Math.abs(away) < 2) return 'just now';
  const [unit, length] = UNITS.find(([, least]) => Math.abs(away) >= least) ?? ['second', 1];
  return words.format(Math.round(away / length), unit);
}

/** For example `90 seconds`, `2 hours`: whole units only where nothing is lost. */
export function formatDuration(seconds: number): string {
  const [unit, length] = UNITS.slice(2).find(([, least]) => seconds >= least && seconds % least === 0) ?? ['second', 1];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);
