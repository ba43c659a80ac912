/** A small disk of its own in memory, mounted where the test says. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

export type Disk = { unmount(): void } | { reason: string };

/** @returns why there is none, where this user may not mount and may not become one who may. */
export function mountDisk(path: string, bytes: number): Disk {
  mkdirSync(path, { recursive: true });
  const owner = `uid=${process.getuid?.() ?? 0},mode=700`;
  const mount = ['mount', '-t', 'tmpfs', '-o', `size=${bytes},${owner}`, 'tmpfs', path];
  const reasons: string[] = [];
  for (const prefix of [[], ['sudo', '-n']]) {
    const problem = run([...prefix, ...mount]);
    if (problem === undefined) return { unmount: () => run([...prefix, 'umount', '--lazy', path]) };
    reasons.push(problem);
  }
  return { reason: reasons.join('; ') };
}

function run([command = '', ...args]: string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim();
}
