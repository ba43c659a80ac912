import type { App } from 'h3';

export const before: Partial<Pick<App, 'handler'>> = {};

export default defineNitroPlugin(({ h3App }) => {
  before.handler = h3App.handler;
});
