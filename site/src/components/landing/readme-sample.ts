/** `packages/sessions/README.md` goes in; its first block of code comes out. What the README's test has run is what the page shows. */
import readme from '../../../../packages/sessions/README.md?raw';

const [, code = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readme) ?? [];
if (code === '') throw new Error('packages/sessions/README.md expected a block of code');
export const readmeSample = code.trimEnd();
