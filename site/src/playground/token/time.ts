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

/** For example `2026-11-23 06:30:00 UTC, 3 minutes ago`. */
export function formatInstant(seconds: number, now: number): string {
  return `${formatUtc(seconds)}, ${formatAgo(seconds, now)}`;
}

export const formatUtc = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

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
