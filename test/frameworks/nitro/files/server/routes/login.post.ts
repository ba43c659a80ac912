import { defineHandler, redirect } from 'nitro/h3';
import { login } from '../sessions.ts';

export default defineHandler(async (event) => {
  const session = await login.get(event);
  const form = await event.req.formData();
  if (form.get('password') === 'sesame') {
    await session.login(String(form.get('user')));
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  return redirect('/', 303);
});
