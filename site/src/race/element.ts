/** `<lost-update-race>`: buttons and choices -> a race that runs in the page, drawn as it goes. Its first picture comes with the page. */
import { type Drawing, drawEvent, drawHeads, verdictOf } from './drawing.ts';
import { Race, SIDES } from './race.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Order } from './schedule.ts';

/** Milliseconds between turns. */
const PACES: Readonly<Record<string, number>> = { slow: 1200, fast: 250 };
const ORDERS: readonly Order[] = ['overlapping', 'shuffled', 'in-turn'];

class LostUpdateRace extends HTMLElement {
  #race: Race | undefined;
  #seed = 0;
  #isPlaying = false;
  /** One turn after the other, however fast the buttons are pressed. */
  #work: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    this.#button('play').addEventListener('click', () => this.#togglePlay());
    this.#button('step').addEventListener('click', () => this.#stepOnce());
    this.#button('end').addEventListener('click', () => void this.#runToEnd());
    this.#button('order').addEventListener('click', () => {
      this.#seed++;
      this.#show();
    });
    for (const name of ['scenario', 'requests', 'order']) {
      this.#select(name).addEventListener('change', () => this.#show());
    }
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowRight' || event.target instanceof HTMLSelectElement) return;
      if (event.altKey || event.ctrlKey || event.metaKey) return; // the browser's
      event.preventDefault();
      this.#stepOnce();
    });
    this.dataset['state'] = 'over';
  }

  disconnectedCallback(): void {
    this.#pause();
  }

  /** A new choice: what comes of it, whole. */
  #show(): void {
    this.#race = undefined;
    void this.#runToEnd();
  }

  /** The race that goes on, or a new one where there is none or it is over. */
  #current(): Race {
    return this.#race === undefined || this.#race.isOver ? this.#start() : this.#race;
  }

  #start(): Race {
    const [first] = SCENARIOS;
    const scenario = SCENARIOS.find(({ id }) => id === this.#select('scenario').value) ?? first;
    const requests = Number(this.#select('requests').value);
    const order = ORDERS.find((name) => name === this.#select('order').value) ?? 'overlapping';
    this.#race = new Race({ scenario, requests, order, seed: this.#seed });
    for (const side of SIDES) {
      const rows = this.#rowsOf(side);
      rows.style.minHeight = `${rows.offsetHeight}px`; // so that the page does not jump
      rows.replaceChildren();
      this.#find(`[data-side=${side}] [data-heads]`).replaceChildren(...drawHeads(requests).map(create));
      this.#setVerdict(side, '', undefined);
    }
    this.#find('[data-about]').textContent = scenario.about;
    return this.#race;
  }

  /** One turn; none where another race has been started meanwhile. */
  #step(race: Race): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (race !== this.#race || race.isOver) return;
      const requests = new Set(race.turns).size;
      const events = await race.step();
      if (race !== this.#race) return;
      for (const side of SIDES) {
        this.#rowsOf(side).append(...events[side].map((event) => create(drawEvent(event, side, requests))));
      }
      if (race.isOver) await this.#finish(race);
      else this.#tell(`Turn ${race.taken} of ${race.turns.length}`, this.#isPlaying ? 'playing' : 'paused');
    });
    return this.#work;
  }

  async #finish(race: Race): Promise<void> {
    const outcomes = await race.outcomes();
    if (race !== this.#race) return;
    for (const side of SIDES) {
      const { text, isGood } = verdictOf(outcomes[side]);
      this.#setVerdict(side, text, isGood);
      this.#rowsOf(side).style.minHeight = '';
    }
    this.#pause();
    this.#tell(`Over. Whole records: ${outcomes.whole.text}. Sealring: ${outcomes.sealring.text}.`, 'over');
  }

  #stepOnce(): void {
    this.#pause();
    void this.#step(this.#current());
  }

  async #runToEnd(): Promise<void> {
    this.#pause();
    const race = this.#current();
    while (race === this.#race && !race.isOver) await this.#step(race);
  }

  #togglePlay(): void {
    if (this.#isPlaying) {
      this.#pause();
      this.dataset['state'] = 'paused';
    } else if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      void this.#runToEnd();
    } else {
      this.#isPlaying = true;
      this.#button('play').textContent = 'Pause';
      void this.#playOn(this.#current());
    }
  }

  async #playOn(race: Race): Promise<void> {
    await this.#step(race);
    if (!this.#isPlaying || race !== this.#race) return;
    this.#timer = setTimeout(() => void this.#playOn(race), PACES[this.#select('speed').value]);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#isPlaying = false;
    this.#button('play').textContent = 'Play';
  }

  #tell(text: string, state: string): void {
    this.#find('[role=status]').textContent = text;
    this.dataset['state'] = state;
  }

  #setVerdict(side: string, text: string, isGood: boolean | undefined): void {
    const verdict = this.#find(`[data-side=${side}] [data-verdict]`);
    verdict.textContent = text;
    verdict.classList.toggle('good', isGood === true);
    verdict.classList.toggle('bad', isGood === false);
  }

  #rowsOf(side: string): HTMLElement {
    return this.#find(`[data-side=${side}] [data-rows]`);
  }

  #button(name: string): HTMLElement {
    return this.#find(`button[name=${name}]`);
  }

  #select(name: string): HTMLSelectElement {
    const found = this.#find(`select[name=${name}]`);
    if (!(found instanceof HTMLSelectElement)) throw new TypeError(`"${name}" expected a select`);
    return found;
  }

  #find(selector: string): HTMLElement {
    const found = this.querySelector(selector);
    if (!(found instanceof HTMLElement)) throw new TypeError(`"${selector}" expected an element`);
    return found;
  }
}

/** Drawing -> element. */
function create({ tag, class: name, isHidden, children }: Drawing): HTMLElement {
  const element = document.createElement(tag);
  if (name !== undefined) element.className = name;
  if (isHidden) element.setAttribute('aria-hidden', 'true');
  element.append(...children.map((child) => (typeof child === 'string' ? child : create(child))));
  return element;
}

customElements.define('lost-update-race', LostUpdateRace);
