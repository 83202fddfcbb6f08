import { useEffect, useState } from 'react';
import { loadPageWords } from '../i18n/language.js';

/** Whether the words of the pages are there, which the seat does not load first. Asks for them. */
export function usePageWords(): boolean {
  const [loaded, setLoaded] = useState(false);
  useEffect(
    () =>
      void loadPageWords().then(
        () => setLoaded(true),
        // The page that stands goes on without them; the next part that needs them asks again.
        () => undefined,
      ),
    [],
  );
  return loaded;
}
