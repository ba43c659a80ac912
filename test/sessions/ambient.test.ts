/** The names of writes: never the same twice, in this process or another. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVersion } from '../../packages/sessions/src/ambient.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
});

describe('createVersion()', () => {
  it('returns a version that every backend takes, each time another', () => {
    const versions = Array.from({ length: 100_000 }, createVersion);
    expect(new Set(versions).size).toBe(versions.length);
    for (const version of versions) expect(version).toMatch(/^[\w-]{1,38}$/);
  });

  it('returns other versions in another process, though the clock and the count are the same', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_900_000_000_000 });
    const versions = [];
    for (const _ of [1, 2]) versions.push((await startProcess()).createVersion());
    expect(new Set(versions).size).toBe(2);
    expect(new Set(versions.map((version) => version.slice(16))).size).toBe(1);
  });

  it('returns other versions in a copy of this process that runs later, though the count is the same', async () => {
    const bytes = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => array); // the same name in both
    const versions = [];
    for (const now of [1_900_000_000_000, 1_900_000_000_001]) {
      vi.useFakeTimers({ toFake: ['Date'], now });
      versions.push((await startProcess()).createVersion());
    }
    bytes.mockRestore();
    expect(new Set(versions).size).toBe(2);
    expect(new Set(versions.map((version) => version.slice(0, 16))).size).toBe(1);
  });
});

/** A module that was just loaded has drawn and counted nothing. */
async function startProcess() {
  vi.resetModules();
  return await import('../../packages/sessions/src/ambient.ts');
}
