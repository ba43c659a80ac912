/** Waits until everything that nobody has any more is collected, and has been told of. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../support/eventually.ts';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

export async function collected(): Promise<void> {
  const marks = new FinalizationRegistry<() => void>((done) => done());
  const gone = new Promise<void>((done) => marks.register({}, done));
  let isGone = false;
  void gone.then(() => (isGone = true));
  await until('what nobody has is collected', () => {
    if (typeof collect === 'function') collect();
    return isGone;
  });
  await new Promise((resolve) => setImmediate(resolve));
}
