'use server';

import { redirect } from 'next/navigation';
import { sessions } from 'sealring/next';
import { login } from '../sessions';

export const logIn = sessions(async (form: FormData) => {
  const session = await login.get();
  if (form.get('password') === 'sesame') {
    await session.login(String(form.get('user')));
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  redirect('/');
});

export const logOut = sessions(async () => {
  const session = await login.get();
  session.logout();
});

export const count = sessions(async () => {
  const session = await login.get();
  session.update('count', (n = 0) => n + 1);
});
