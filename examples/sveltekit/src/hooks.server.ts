import { sessions } from 'sealring/sveltekit';

export const handle = sessions();
