/** A WebSocket whose handshake has the visitor's session. */
import { expect, it, onTestFinished } from 'vitest';
import { at } from '../../support/repository.ts';
import { type Framework, serve } from './app.ts';
import { Visitor } from './visitor.ts';

/** After the story, whose app it serves once more. `/story/socket` answers each message with the count that the session had at the handshake. */
export function socket(framework: Framework): void {
  it(`${framework.folder}: a WebSocket`, async () => {
    const served = await serve(at(`test/frameworks/${framework.folder}/.app`), framework, 'cookie');
    onTestFinished(served.stop);
    const ada = new Visitor(served.url);
    await ada.submit('Count');
    const cookie = [...ada.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = new Promise((resolve, reject) => {
      const url = `${served.url.replace('http', 'ws')}/story/socket`;
      // @ts-expect-error: only Node.js can send headers of one's own
      const connection = new WebSocket(url, { headers: { cookie } });
      connection.onopen = () => connection.send('how many?');
      connection.onmessage = ({ data }) => {
        resolve(data);
        connection.close();
      };
      connection.onerror = reject;
    });
    expect(await answer, served.output()).toBe('1');
  });
}
