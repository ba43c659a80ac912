export default defineEventHandler(async (event) => {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return 'hello';
});
