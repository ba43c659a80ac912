/** A session that is too large for its cookie: the visitor gets an error page that says nothing of it, and nothing of what the handler answered. */
import { expect, it, onTestFinished } from 'vitest';
import { at } from '../../support/repository.ts';
import { type Framework, serve } from './app.ts';
import { Visitor } from './visitor.ts';

/** After the story, whose app it serves once more. Its route `/story/too-large` answers “secret”. */
export function failingSave(framework: Framework): void {
  it(`${framework.folder}: a save that fails`, async () => {
    const served = await serve(at(`test/frameworks/${framework.folder}/.app`), framework, 'cookie');
    onTestFinished(served.stop);
    const response = await new Visitor(served.url).send('/story/too-large');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/secret|ERR_SESSION/);
    expect(response.headers.getSetCookie()).toEqual([]);
    await expect.poll(() => served.output()).toContain('ERR_SESSION_TOO_LARGE');
  });
}
