import { story } from './story.ts';

const { fetch } = story();
export default { fetch };
