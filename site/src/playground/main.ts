/** The first script of the page: the frame, and the view that most come for. The others follow in `more-views.ts`. */
import { Frame } from './frame.ts';
import { createOpenView } from './open/open-view.ts';

/** One for the page, shared by its two scripts. */
export const frame: Frame = new Frame();

frame.add('open', createOpenView);
