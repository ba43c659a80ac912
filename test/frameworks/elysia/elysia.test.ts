import { expect, it, onTestFinished } from 'vitest';
import { at } from '../../support/repository.ts';
import { type Framework, serve } from '../support/app.ts';
import { failingSave } from '../support/failing-save.ts';
import { BUN, inRuntime } from '../support/runtimes.ts';
import { socket } from '../support/socket.ts';
import { story } from '../support/story.ts';
import { Visitor } from '../support/visitor.ts';

inRuntime('Bun', () => {
  const framework: Framework = {
    folder: 'elysia',
    check: ['tsc', '--noEmit', '--skipLibCheck'], // Elysia's own declarations have errors
    start: [...BUN, 'story.ts'],
  };
  story(framework);
  failingSave(framework);
  socket(framework);

  it('an app with "aot: false"', async () => {
    const served = await serve(at('test/frameworks/elysia/.app'), framework, 'cookie');
    onTestFinished(served.stop);
    const ada = new Visitor(served.url);
    expect([await ada.text('/story/without-aot'), await ada.text('/story/without-aot')]).toEqual(['1', '2']);
  });
});
