/** How files are opened to be read, and which errors then mean that nothing of ours is there. */

import { constants } from 'node:fs';
import { codeOf } from '../kit/failure.ts';

/** Not through a link, and without waiting for a pipe that stands in the place of a file. Windows has neither flag. */
export const READ: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Nothing there, or something that is no file of ours: a link where O_NOFOLLOW forbids one (ELOOP, on BSD EMLINK), a folder, a socket. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'EISDIR', 'ENXIO'];

export function meansAbsent(error: unknown): boolean {
  return ABSENT.includes(codeOf(error) ?? '');
}
