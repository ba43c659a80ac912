/** Tab buttons and their panels, after the ARIA pattern: arrow keys, Home and End move; exactly one panel shows. */
import { isForBrowser } from '../dom.ts';

export interface Tabs {
  select(name: string): void;
}

/**
 * @param list holds buttons with role `tab`, each naming its panel in `aria-controls` and itself in `data-tab`.
 * @param onSelect told the name of a tab that a person chose, not of one that `select` was called for.
 */
export function createTabs(list: HTMLElement, onSelect?: (name: string) => void): Tabs {
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];

  function choose(tab: HTMLButtonElement): void {
    show(tab);
    onSelect?.(tab.dataset['tab'] ?? '');
  }

  function show(chosen: HTMLButtonElement): void {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel) panel.hidden = !isChosen;
    }
  }

  const moves: Readonly<Record<string, (at: number, count: number) => number>> = {
    ArrowRight: (at, count) => (at + 1) % count,
    ArrowLeft: (at, count) => (at + count - 1) % count,
    Home: () => 0,
    End: (_, count) => count - 1,
  };
  for (const tab of tabs) {
    tab.addEventListener('click', () => choose(tab));
    tab.addEventListener('keydown', (event) => {
      const there = tabs.filter((each) => !each.hidden);
      const next = there[moves[event.key]?.(there.indexOf(tab), there.length) ?? -1];
      if (next === undefined || isForBrowser(event)) return;
      event.preventDefault();
      choose(next);
      next.focus();
    });
  }

  return {
    select(name) {
      const tab = tabs.find((each) => each.dataset['tab'] === name);
      if (tab) show(tab);
    },
  };
}
