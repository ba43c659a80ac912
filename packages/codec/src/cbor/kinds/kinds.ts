/** All kinds of values with a tag. A new kind is one file and one line here. Values without a tag (null, booleans, numbers, strings, bytes, arrays, plain objects) are in write.ts and check.ts. */

import { bigint } from './bigint.ts';
import { date } from './date.ts';
import { instance } from './instance.ts';
import type { Kind } from './kind.ts';
import { map } from './map.ts';
import { set } from './set.ts';
import { typedArray } from './typed-array.ts';
import { url } from './url.ts';

export const KINDS: readonly Kind[] = [bigint, date, instance, map, set, typedArray, url];
