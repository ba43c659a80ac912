/** Tab buttons and their panels, after the ARIA pattern: arrow keys, Home and End move; exactly one panel shows. */

export interface Tabs {
  select(name: string): void;
}

/** @param list holds buttons with role `tab`, each naming its panel in `aria-controls` and itself in `data-tab`. */
export function createTabs(list: HTMLElement): Tabs {
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];

  function show(chosen: HTMLButtonElement): void {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel) panel.hidden = !isChosen;
    }
  }

  const moves: Readonly<Record<string, (at: number) => number>> = {
    ArrowRight: (at) => (at + 1) % tabs.length,
    ArrowLeft: (at) => (at + tabs.length - 1) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  };
  tabs.forEach((tab, at) => {
    tab.addEventListener('click', () => show(tab));
    tab.addEventListener('keydown', (event) => {
      const next = tabs[moves[event.key]?.(at) ?? -1];
      if (next === undefined) return;
      event.preventDefault();
      show(next);
      next.focus();
    });
  });

  return {
    select(name) {
      const tab = tabs.find((each) => each.dataset['tab'] === name);
      if (tab) show(tab);
    },
  };
}
