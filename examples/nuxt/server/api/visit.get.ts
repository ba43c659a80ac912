export default defineEventHandler(async (event) => {
  const session = await login.get(event);
  return { user: session.subject, count: session.get('count') ?? 0, messages: session.flashes() };
});
