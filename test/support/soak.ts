/** How often what takes minutes is done: all of it under `pnpm soak`, a quarter in every other run. */
export const soaked = (times: number): number => (process.env['SOAK'] ? times : times / 4);
