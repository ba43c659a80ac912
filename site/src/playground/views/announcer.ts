/** Short sentences -> a live region, after typing has paused: a screen reader then reads the last one, not every one. */

const PAUSE = 700; // milliseconds

export function createAnnouncer(region: HTMLElement): (sentence: string) => void {
  let timer = 0;
  return (sentence) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (region.textContent !== sentence) region.textContent = sentence;
    }, PAUSE);
  };
}
