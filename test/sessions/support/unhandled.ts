/** What nobody has handled while `run` ran, and shortly after: in Node it ends the process. */
export async function unhandledRejections(run: () => Promise<void>): Promise<unknown[]> {
  const before = process.listeners('unhandledRejection');
  const reasons: unknown[] = [];
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (reason) => reasons.push(reason));
  try {
    await run();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) process.on('unhandledRejection', listener);
  }
  return reasons;
}
