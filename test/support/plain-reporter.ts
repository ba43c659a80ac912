import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one plain line that any log reader understands: "N passed, N failed, N skipped". */
export class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      if (module.state() === 'failed' && module.errors().length > 0) count.failed++;
    }
    const line = `\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`;
    setImmediate(() => process.stdout.write(line)); // the default reporter prints its summary in this same hook
  }
}
