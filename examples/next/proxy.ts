import { sessions } from 'sealring/next';
import { login } from './sessions';

export const proxy = sessions(login);

export const config = { matcher: '/((?!_next/|.*\\.).*)' }; // pages and routes, no files
