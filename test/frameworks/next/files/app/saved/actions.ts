'use server';

import { notFound } from 'next/navigation';
import { sessions } from 'sealring/next';
import { login } from '../../sessions';

export const save = sessions(async () => {
  const session = await login.get();
  session.addFlash('Saved.');
});

export const find = sessions(async () => {
  const session = await login.get();
  session.update('count', (n = 0) => n + 1);
  notFound();
});
