import { cookieStore, defineSession } from 'sealring';

const store = cookieStore({
  keys: [process.env.SESSION_KEY],
  cookie: { secure: process.env.NODE_ENV === 'production' }, // http://localhost has no https
});

export const login = defineSession<{ count: number }, string>({ store, name: 'login' });
