export default defineEventHandler(async (event) => {
  const session = await login.get(event);
  session.logout();
  return sendRedirect(event, '/', 303);
});
