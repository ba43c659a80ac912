import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of what is known to take minutes, first: started last, it would keep one core at work when all else is done. */
const LONG = [
  'site/site',
  'sessions/servers',
  'acceptance/acceptance',
  'shell/shell',
  'site/example-node-http',
  'sessions/race',
  ...[
    'next',
    'next15',
    'sveltekit',
    'sveltekit2',
    'nuxt',
    'react-router',
    'react-router7',
    'tanstack-start',
    'hono',
  ].map((name) => `${name}/${name}`),
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other)); // which keeps the order of equals
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
}
