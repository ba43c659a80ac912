/**
 * The ways by which a script of a page could make a request to another server without leaving the page; each runs in the page.
 * Two are not here, as no policy of a page stops them: a script that leads the visitor elsewhere, and, in Chromium, WebRTC.
 */

/** @param address on the other server. Returns or throws when the page has been told what came of it, or never will be. */
export type Way = (address: string) => void | Promise<void>;

export const WAYS: Readonly<Record<string, Way>> = {
  fetch: async (address) => {
    await fetch(address);
  },
  'fetch, kept alive': async (address) => {
    await fetch(address, { method: 'POST', mode: 'no-cors', keepalive: true, body: 'a key' });
  },
  XMLHttpRequest: (address) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.send('a key');
  },
  sendBeacon: (address) => {
    navigator.sendBeacon(address, 'a key');
  },
  WebSocket: (address) => {
    new WebSocket(address.replace('http', 'ws')).addEventListener('error', () => {});
  },
  EventSource: (address) => {
    new EventSource(address).addEventListener('error', () => {});
  },
  Image: (address) => {
    new Image().src = address;
  },
  'background image': (address) => {
    document.body.style.backgroundImage = `url("${address}")`;
  },
  'style sheet': (address) => {
    const link = document.createElement('link');
    document.head.append(Object.assign(link, { rel: 'stylesheet', href: address }));
  },
  font: async (address) => {
    await new FontFace('a key', `url("${address}")`).load();
  },
  video: (address) => {
    Object.assign(document.createElement('video'), { src: address }).load();
  },
  frame: (address) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src: address }));
  },
  object: (address) => {
    document.body.append(Object.assign(document.createElement('object'), { data: address }));
  },
  script: (address) => {
    document.head.append(Object.assign(document.createElement('script'), { src: address }));
  },
  'preloaded image': (address) => {
    const link = document.createElement('link');
    document.head.append(Object.assign(link, { rel: 'preload', as: 'image', href: address }));
  },
  'preloaded module': (address) => {
    const link = document.createElement('link');
    document.head.append(Object.assign(link, { rel: 'modulepreload', href: address }));
  },
  prefetch: (address) => {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: address }));
  },
  'worker of its own': (address) => {
    new Worker(URL.createObjectURL(new Blob([`fetch('${address}', { mode: 'no-cors' })`])));
  },
  ping: (address) => {
    const link = Object.assign(document.createElement('a'), { href: '#', ping: address });
    document.body.append(link);
    link.click();
  },
  form: (address) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'nowhere' });
    const form = Object.assign(document.createElement('form'), { method: 'post', action: address, target: 'nowhere' });
    document.body.append(frame, form);
    form.submit();
  },
};
