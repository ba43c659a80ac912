import { login } from './sessions.ts';

export async function count(given?: Parameters<typeof login.get>[0]): Promise<string> {
  const session = await login.get(given);
  session.update('count', (n = 0) => n + 1);
  return `${session.get('count')}`;
}

export const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

export const nextEvent = new EventTarget();
