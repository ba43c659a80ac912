/** Why a cookie was refused -> what that means, for people. Visitors of a real shop would just be asked to sign in; logs get the code. */
import type { Rejection } from 'sealring';

export const REJECTIONS: Readonly<Record<Rejection, string>> = {
  malformed: 'It is not a sealed value: something other than this shop has written it, or it was cut off.',
  version: 'It is in a format that this release cannot read.',
  'unknown-key': 'The key that sealed it is not among the keys of this shop any more.',
  tampered: 'It was changed after it was sealed, or it is the value of another cookie.',
  expired: 'It is genuine, but its time is over.',
  future: 'It says that it was sealed in the future: a clock was wrong.',
  payload: 'It is genuine, but not something that this release has written.',
  'unknown-type': 'It is genuine, but holds a class that this shop does not know.',
  revoked: 'It is genuine, but this login was ended: by signing out, or by signing out everywhere.',
  gone: 'It is genuine, but the record that it leads to is not there any more.',
  invalid: 'It is genuine, but its values are not in the shape that the shop expects.',
};
