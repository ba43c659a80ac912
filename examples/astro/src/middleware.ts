import { sessions } from 'sealring/astro';

export const onRequest = sessions();
