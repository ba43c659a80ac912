/** set() under a version of its own -> the record as written, or false. */
import { createVersion } from '../../../packages/sessions/src/ambient.ts';
import type { Backend, SetOptions, StoredRecord } from '../../../packages/sessions/src/backends/backend.ts';

export async function write(
  backend: Backend,
  id: string,
  data: Uint8Array,
  { expiresAt, over, subject }: Omit<SetOptions, 'version'>,
): Promise<StoredRecord | false> {
  const version = createVersion();
  const options = {
    version,
    expiresAt,
    ...(over !== undefined && { over }),
    ...(subject !== undefined && { subject }),
  };
  return (await backend.set(id, data, options)) && { data: new Uint8Array(data), version, expiresAt };
}

/** The same where it must not be false. */
export async function written(
  backend: Backend,
  id: string,
  data: Uint8Array,
  options: Omit<SetOptions, 'version'>,
): Promise<StoredRecord> {
  const record = await write(backend, id, data, options);
  if (record === false) throw new Error('set() gave false');
  return record;
}
