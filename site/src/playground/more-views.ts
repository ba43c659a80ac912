/** The second script of the page: what opening a cookie can do without. It loads with the page too, so that nothing has to be asked for later. */
import { createCodePanel } from './code/code-panel.ts';
import { cookieFactsOf } from './code/cookie-facts.ts';
import { createHeaderView } from './header/header-view.ts';
import { frame } from './main.ts';
import { createExamples } from './open/examples.ts';
import { createSharePanel } from './open/share/share-panel.ts';
import { createProofPanel } from './proof/proof-panel.ts';
import { createRotateView } from './rotate/rotate-view.ts';
import { createSealView } from './seal/seal-view.ts';
import { createClockPanel } from './settings/clock-panel.ts';

const { workspace } = frame;

createExamples(frame.rootOf('view-open'), workspace);
createClockPanel(frame.rootOf('clock-panel'), workspace);
createProofPanel(frame.rootOf('proof'), () => frame.forget());
createSharePanel(frame.rootOf('view-open'), workspace);
createCodePanel(frame.rootOf('view-open'), workspace, () => cookieFactsOf(workspace.state.shown.attempt?.explanation));
frame.add('seal', createSealView);
frame.add('rotate', createRotateView);
frame.add('header', createHeaderView);
frame.complete();
