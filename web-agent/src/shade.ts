export type Shade = 'light' | 'dark';
const KEY = 'proofline.theme';
const listeners = new Set<() => void>();
let shade: Shade = 'light';

function show(next: Shade): void {
  shade = next;
  document.documentElement.dataset.theme = next;
  // For what the browser draws itself, even before the style sheet: a dark page does not flash white on reload.
  document.documentElement.style.colorScheme = next;
}

/** The shade that was chosen on this computer, else the system's. */
export function startShade(): void {
  const stored = localStorage.getItem(KEY);
  const wished = stored === 'dark' || stored === 'light' ? stored : undefined;
  show(wished ?? (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
}

export function chooseShade(next: Shade): void {
  localStorage.setItem(KEY, next);
  show(next);
  for (const listener of listeners) listener();
}

/** Paper is white: a dark page is printed light, and is dark again afterwards. */
export function printLight(): void {
  let before: Shade | undefined;
  const become = (next: Shade): void => {
    show(next);
    for (const listener of listeners) listener();
  };
  window.addEventListener('beforeprint', () => {
    if (shade === 'light') return;
    before = shade;
    become('light');
  });
  window.addEventListener('afterprint', () => {
    if (before !== undefined) become(before);
    before = undefined;
  });
}

export const currentShade = (): Shade => shade;

export function onShade(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
