import { all } from './story.ts';

export default { fetch: all.fetch };
