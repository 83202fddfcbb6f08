import { unsaved } from './unsaved.js';

/** The place of an entry in the browser's history, as the router numbers it. */
function placeOf(state: unknown): number | undefined {
  const place = typeof state === 'object' && state !== null && 'idx' in state ? state.idx : undefined;
  return typeof place === 'number' ? place : undefined;
}

let here: { readonly place: number | undefined; readonly path: string } = { place: undefined, path: '' };
/** What becomes of the next move: `hidden` takes one back before the router sees it, `free` is what the person has decided. */
let next: 'asked' | 'hidden' | 'free' = 'asked';

/** Where the page stands, once it is drawn. */
export function standHere(path: string): void {
  here = { place: placeOf(window.history.state), path };
}

function moved(event: PopStateEvent): void {
  const kind = next;
  next = 'asked';
  const [from, to] = [here.place, placeOf(event.state)];
  if (kind === 'hidden') event.stopImmediatePropagation();
  if (kind !== 'asked' || from === undefined || to === undefined || from === to) return;
  if (window.location.pathname === here.path || !unsaved.some()) return;
  event.stopImmediatePropagation();
  next = 'hidden';
  window.history.go(from - to);
  unsaved.leave(() => {
    next = 'free';
    window.history.go(to - from);
  });
}

/**
 * The browser's Back and Forward have moved already when a page hears of it. Where something would be lost the page moves back, without the
 * router noticing, and asks; then it goes where the person wanted to. Listeners of a window are called in the order in which they were
 * added, so this one is added before the router is made.
 */
export const guardHistory = (): void => window.addEventListener('popstate', moved);
