/** What the views stand in: the shared state and its panels, the tabs, the address and the end of the page. No request is made anywhere. */
import { part } from './dom.ts';
import { readFragment } from './fragment.ts';
import { DEMO_KEYS } from './keys/demo-keys.ts';
import { createSettings } from './settings/settings.ts';
import { createTabs, type Tabs } from './views/tabs.ts';
import { VIEW_NAMES, type View, type ViewName, Workspace } from './workspace.ts';

type CreateView = (root: HTMLElement, workspace: Workspace) => View;

/** The page as far as it is there: views join one after the other, and the first works before the last has come. */
export class Frame {
  readonly workspace: Workspace = new Workspace();
  readonly #page = part(document, 'playground', HTMLElement);
  readonly #settings = part(this.#page, 'settings', HTMLElement);
  readonly #views = new Map<ViewName, View>();
  readonly #tabs: Tabs;
  /** The address names a view that is not there yet. */
  #isWaiting = false;

  constructor() {
    const { workspace } = this;
    createSettings(this.#settings, workspace);
    this.#tabs = createTabs(part(this.#page, 'tabs', HTMLElement), (name) => {
      const view = VIEW_NAMES.find((each) => each === name);
      if (view) workspace.showView(view);
    });
    workspace.subscribe((_, changed) => {
      if (changed.has('view')) this.#bringToFront();
    });
    for (const button of this.#page.querySelectorAll('[data-forget]')) {
      button.addEventListener('click', () => workspace.forgetKeys());
    }
    addEventListener('hashchange', () => this.#readAddress());
    // A page that the browser keeps for its Back button must not keep anything.
    addEventListener('pagehide', () => this.forget());
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.#readAddress(); // a link brings its cookie back, as it would in a new page
    });
  }

  /** The element of the page with this name, a view's for example. */
  rootOf(name: string): HTMLElement {
    return part(this.#page, name, HTMLElement);
  }

  add(name: ViewName, create: CreateView): void {
    const isFirst = this.#views.size === 0;
    this.#views.set(name, create(this.rootOf(`view-${name}`), this.workspace));
    if (name === this.workspace.state.view) this.#bringToFront();
    if (isFirst || this.#isWaiting) this.#readAddress();
  }

  /** All views are there. */
  complete(): void {
    this.#page.dataset['ready'] = '';
  }

  /** The shared fields stand inside the view that shows, where that view has a place for them: what is read together is tabbed together. */
  #bringToFront(): void {
    const { view } = this.workspace.state;
    // Of a button that goes away with its view, or has gone already; not while the page loads.
    const isFocusLost = 'ready' in this.#page.dataset && document.activeElement?.matches('body, .view:not([hidden]) *');
    this.#tabs.select(view);
    const place = this.rootOf(`view-${view}`).querySelector('[data-settings-place]');
    if (place && this.#settings.parentElement !== place) place.append(this.#settings);
    this.#views.get(view)?.show();
    if (isFocusLost) this.rootOf(`tab=${view}`).focus();
  }

  /** A link fills all fields, the empty ones too: it stands for one state of the page. Typed keys stay, as no link has them. */
  #readAddress(): void {
    const fragment = readFragment(location.hash);
    this.#isWaiting = fragment !== undefined && !this.#views.has(fragment.view);
    if (fragment === undefined || this.#isWaiting) return;
    const { workspace } = this;
    const { view, token, fields, keys } = fragment;
    for (const id of keys) {
      const text = DEMO_KEYS.get(id) ?? '';
      if (!workspace.keyring.keys.some((key) => key.text === text)) workspace.keyring.add({ text, label: id });
    }
    if (view === 'header') workspace.handover('header', { text: token });
    else if (token !== '') workspace.fill({ input: token, cookie: -1, ...fields });
    workspace.showView(view);
  }

  /** Empties the page of everything typed and pasted. */
  forget(): void {
    this.workspace.forget();
    for (const view of this.#views.values()) view.forget();
  }
}
