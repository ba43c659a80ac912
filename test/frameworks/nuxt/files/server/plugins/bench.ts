import { before } from '../bench/before';

export default defineNitroPlugin(({ h3App }) => {
  const after = h3App.handler;
  h3App.handler = (event) =>
    /^\/bench\/(?:core|usual)$/.test(event.path) ? (before.handler ?? after)(event) : after(event);
});
