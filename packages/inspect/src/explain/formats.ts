/** A value -> the format that it looks like. The list is the whole register: a format is one file and one line here. */

import type { FormatMatch } from '../explanation.ts';
import type { Format } from '../format.ts';
import { sealring } from '../formats/sealring.ts';

const FORMATS: readonly Format[] = [sealring];

/** The most likely format; undefined for what none of them claims. */
export function detectFormat(value: string): FormatMatch | undefined {
  const matches = FORMATS.map(({ match }) => match(value)).filter((match) => match !== undefined);
  return matches.sort((one, other) => other.confidence - one.confidence)[0];
}

/** What is no known format is explained as one of our own, so that the checks say what is missing. */
export function formatOf(match: FormatMatch | undefined): Format {
  return FORMATS.find(({ id }) => id === match?.id) ?? sealring;
}
