/** A cookie -> the address that opens it in the playground. */

const PLAYGROUND = `http://127.0.0.1:${process.env['SITE_PORT'] ?? 4321}/playground/`; // where `npm start` serves it

/**
 * Everything stands after "#", so browsers keep it to themselves: no server sees it. The key is never in a link, it is copied by hand
 * from /keys.
 */
export function playgroundLink(name: string, token: string): string {
  return `${PLAYGROUND}#${new URLSearchParams({ view: 'open', token, name })}`;
}
