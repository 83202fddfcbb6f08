import { useSyncExternalStore } from 'react';

/** The width below which the page has one column, as in the style sheet. */
const narrow = (): MediaQueryList => window.matchMedia('(max-width: 760px)');

function follow(changed: () => void): () => void {
  const query = narrow();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether the page stands on a narrow screen, such as a telephone. */
export const useNarrow = (): boolean => useSyncExternalStore(follow, () => narrow().matches);
