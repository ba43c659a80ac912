import type { Actions } from './$types';

export const load = () => ({});
export const actions: Actions = { default: () => {} };
