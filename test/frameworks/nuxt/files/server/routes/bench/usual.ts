/** h3's session, on which nuxt-auth-utils is built. */
export default defineEventHandler(async (event) => {
  const session = await useSession<{ count: number }>(event, {
    password: 'a password of at least 32 characters',
    cookie: { secure: false },
  });
  await session.update(({ count = 0 }) => ({ count: count + 1 }));
  return 'hello';
});
