/** The ways in which a server function that a loader calls can end. */
import { Await, createFileRoute, notFound, redirect } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { login } from '../sessions';

const end = createServerFn()
  .validator((way: string) => way)
  .handler(async ({ data: way }) => {
    const session = await login.get();
    session.update('count', (n = 0) => n + 1);
    if (way === 'redirect') throw redirect({ to: '/' });
    if (way === 'not-found') throw notFound();
    if (way === 'error') throw new Error('boom');
    if (way === 'large') session.addFlash('x'.repeat(10_000));
    return session.get('count');
  });

const fail = createServerFn({ method: 'POST' })
  .validator((data: FormData) => data)
  .handler(async () => {
    const session = await login.get();
    session.update('count', (n = 0) => n + 1);
    throw new Error('boom');
  });

/** Comes when the response has begun. */
const late = createServerFn().handler(async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const session = await login.get();
  try {
    session.set('count', 1000);
    return 'saved';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
});

export const Route = createFileRoute('/page/$way')({
  // Two server functions of one page share a session.
  loader: async ({ params: { way } }) => {
    const [first, second] = await Promise.all([end({ data: way }), end({ data: way })]);
    return { count: Math.max(first ?? 0, second ?? 0), late: way === 'late' ? late() : undefined };
  },
  component: Page,
  notFoundComponent: () => <p>No such page.</p>,
  errorComponent: () => <p>An error.</p>,
});

function Page() {
  const data = Route.useLoaderData();
  return (
    <>
      <output>{data.count}</output>
      <form method="post" action={fail.url} encType="multipart/form-data">
        <button type="submit">Fail</button>
      </form>
      {data.late && (
        <Await promise={data.late} fallback="…">
          {(text) => <p>{text}</p>}
        </Await>
      )}
    </>
  );
}
