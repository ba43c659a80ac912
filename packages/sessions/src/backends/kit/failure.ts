/** An error of a storage -> its code. */

/** Returns the code of an error of Node or of a driver, which names a kind of failure and no value, or `undefined` if it has none. */
export function codeOf(error: unknown): string | undefined {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isCoded ? String(error.code) : undefined;
}
