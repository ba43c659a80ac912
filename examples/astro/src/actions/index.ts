import { defineAction } from 'astro:actions';
import { z } from 'astro/zod';
import { login } from '../sessions.ts';

export const server = {
  login: defineAction({
    accept: 'form',
    input: z.object({ user: z.string(), password: z.string() }),
    async handler({ user, password }, context) {
      const session = await login.get(context);
      if (password === 'sesame') {
        await session.login(user);
        session.addFlash('Welcome back.');
      } else {
        session.addFlash('Wrong password.');
      }
    },
  }),

  logout: defineAction({
    accept: 'form',
    handler: async (_, context) => (await login.get(context)).logout(),
  }),

  count: defineAction({
    accept: 'form',
    handler: async (_, context) => (await login.get(context)).update('count', (n = 0) => n + 1),
  }),
};
