import { cookieStore, defineSession } from 'sealring';

const store = cookieStore({ keys: [process.env.SESSION_KEY] });

export const login = defineSession<{ count: number }, string>({ store, name: 'login' });
