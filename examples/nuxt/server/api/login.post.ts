export default defineEventHandler(async (event) => {
  const session = await login.get(event);
  const form = await readFormData(event);
  if (form.get('password') === 'sesame') {
    await session.login(String(form.get('user')));
    session.addFlash('Welcome back.');
  } else {
    session.addFlash('Wrong password.');
  }
  return sendRedirect(event, '/', 303);
});
