/** The theme picker of every page: a choice goes in; the page's `data-theme` and the stored choice come out. */

const STORED = 'starlight-theme'; // ThemeScript.astro reads it before the first paint
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

type Choice = 'light' | 'dark' | 'auto';

const parseChoice = (text: string | null): Choice => (text === 'light' || text === 'dark' ? text : 'auto');

function readChoice(): Choice {
  try {
    return parseChoice(localStorage.getItem(STORED));
  } catch {
    return 'auto'; // storage is switched off
  }
}

function storeChoice(choice: Choice): void {
  try {
    if (choice === 'auto') localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, choice);
  } catch {
    // It holds for this page then.
  }
}

function show(choice: Choice): void {
  const isDark = choice === 'dark' || (choice === 'auto' && systemIsDark.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  for (const picker of pickers()) picker.value = choice;
}

const pickers = () => document.querySelectorAll<HTMLSelectElement>('[data-theme-picker] select');

let current = readChoice();
show(current);
for (const picker of pickers()) {
  picker.addEventListener('change', () => {
    current = parseChoice(picker.value);
    storeChoice(current);
    show(current);
  });
}
systemIsDark.addEventListener('change', () => show(current));
// Another tab's choice, and a page that comes back from the browser's memory, are brought up to date.
const update = () => show((current = readChoice()));
addEventListener('storage', update);
addEventListener('pageshow', (event) => {
  if (event.persisted) update();
});
