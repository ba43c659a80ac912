/** `<rotation-timeline>`: the list of steps that stands in it becomes lanes, a slider of days, and what the codec says on each. */
import { cookiePurpose } from '@sealring/wire';
import { enableSteps, part, say } from '../dom.ts';
import { DEMO_KEYS } from '../keys/demo-keys.ts';
import { createAnnouncer } from '../views/announcer.ts';
import { codeOf, ISSUED_ON, LAST_DAY, PHASES, phaseOn } from './plan.ts';
import { createRotation, describeVisit, type Rotation, type RotationKeys, type Visit } from './visits.ts';

const DEMO: RotationKeys = { A: DEMO_KEYS.get('demo-1') ?? '', B: DEMO_KEYS.get('demo-2') ?? '' };

/** Registers the element; a second call does nothing. */
export function defineRotationTimeline(): void {
  if (customElements.get('rotation-timeline') === undefined)
    customElements.define('rotation-timeline', RotationTimeline);
}

export class RotationTimeline extends HTMLElement {
  #rotation: Rotation = createRotation(DEMO, cookiePurpose('session'));
  #announce: ((sentence: string) => void) | undefined;

  connectedCallback(): void {
    if (this.#announce !== undefined) return; // moved, not made
    this.#announce = createAnnouncer(part(this, 'announce', HTMLElement));
    for (const name of ['lanes', 'controls', 'now']) part(this, name, HTMLElement).hidden = false;
    part(this, 'steps', HTMLElement).hidden = true;
    placeMark(part(this, 'mark=issued', HTMLElement), ISSUED_ON);
    this.#slider.addEventListener('input', () => this.#draw());
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-step]')) {
      button.addEventListener('click', () => this.#step(Number(button.dataset['step'])));
    }
    this.#draw();
  }

  /** Puts other keys in the place of the public ones. */
  use(keys: RotationKeys | undefined, purpose: string): void {
    this.#rotation = createRotation(keys ?? DEMO, purpose);
    this.#draw();
  }

  get #slider(): HTMLInputElement {
    return part(this, 'day', HTMLInputElement);
  }

  /** Steps end where something changes: the day of issue, and the first day of each phase. */
  #step(by: number): void {
    const day = this.#slider.valueAsNumber;
    const stops = [...new Set([0, ISSUED_ON, ...PHASES.map(({ from }) => from), LAST_DAY])].sort((a, b) => a - b);
    const target = by > 0 ? stops.find((stop) => stop > day) : stops.findLast((stop) => stop < day);
    if (target === undefined) return;
    this.#slider.valueAsNumber = target;
    this.#draw();
  }

  #draw(): void {
    const day = this.#slider.valueAsNumber;
    const phase = phaseOn(day);
    const { away, daily } = this.#rotation.on(day);
    const { ids } = this.#rotation;
    this.#slider.setAttribute('aria-valuetext', `Day ${day}: ${phase.title}`);
    placeMark(part(this, 'mark=today', HTMLElement), day);
    say(part(this, 'mark-text', HTMLElement), `day ${day}`);
    for (const piece of this.querySelectorAll<HTMLElement>('[data-from]')) {
      piece.toggleAttribute('data-current', Number(piece.dataset['from']) === phase.from);
    }
    for (const name of ['A', 'B'] as const) say(part(this, `key-id=${name}`, HTMLElement), ids[name]);
    say(part(this, 'phase-title', HTMLElement), `Day ${day}. ${phase.title}.`);
    say(part(this, 'phase-why', HTMLElement), phase.why);
    say(part(this, 'phase-code', HTMLElement), codeOf(phase));
    this.#showVisit('away', away);
    this.#showVisit('daily', daily);
    enableSteps([...this.querySelectorAll<HTMLButtonElement>('[data-step]')], ({ dataset }) =>
      Number(dataset['step']) < 0 ? day > 0 : day < LAST_DAY,
    );
    this.#announce?.(
      `Day ${day}: ${phase.title}. Stayed away: ${describeVisit(away, ids)} Every day: ${describeVisit(daily, ids)}`,
    );
  }

  #showVisit(name: 'away' | 'daily', visit: Visit): void {
    const row = part(this, `visit=${name}`, HTMLElement);
    row.dataset['state'] = visit.state === 'opened' && visit.stale ? 'stale' : visit.state;
    say(part(row, 'says', HTMLElement), describeVisit(visit, this.#rotation.ids));
    const [token, after] =
      visit.state === 'none' ? [] : [visit.token, visit.state === 'opened' ? visit.resealed?.token : undefined];
    const texts = [token === undefined ? '' : cut(token), ...(after === undefined ? [] : [cut(after)])];
    say(part(row, 'visit-token', HTMLElement), texts.join('  →  '));
  }
}

const SHOWN = 18;
const cut = (token: string) => `${token.slice(0, SHOWN)}…`;

function placeMark(mark: HTMLElement, day: number): void {
  mark.style.insetInlineStart = `${((100 * day) / (LAST_DAY + 1)).toFixed(2)}%`;
  mark.dataset['side'] = day > LAST_DAY / 2 ? 'start' : 'end'; // of the mark, on which there is room for its text
}
