/** The ways in which a loader of a page can answer. */
import { setTimeout as wait } from 'node:timers/promises';
import { Suspense } from 'react';
import { Await, data, redirect } from 'react-router';
import { login } from '../sessions';
import type { Route } from './+types/ways';

export async function loader(args: Route.LoaderArgs) {
  const session = await login.get(args);
  session.update('count', (n = 0) => n + 1);
  if (args.params.way === 'redirect') throw redirect('/');
  if (args.params.way === 'data') throw data('no such page', { status: 404 });
  if (args.params.way === 'error') throw new Error('boom');
  if (args.params.way === 'large') session.addFlash('x'.repeat(10_000));
  return { count: session.get('count'), late: late(args) };
}

/** Comes when the response has begun. */
async function late(args: Route.LoaderArgs): Promise<string> {
  await wait(50);
  const session = await login.get(args);
  try {
    session.set('count', 1000);
    return 'saved';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
}

export default function Ways({ loaderData: { count, late } }: Route.ComponentProps) {
  return (
    <>
      <output>{count}</output>
      <Suspense fallback="…">
        <Await resolve={late}>{(text) => <p>{text}</p>}</Await>
      </Suspense>
    </>
  );
}

export function ErrorBoundary() {
  return <p>An error.</p>;
}
