import { useEffect, useState } from 'react';
import { loadPageWords } from '../i18n/language.js';

/** Whether the words of the pages are loaded, which come after the seat. Starts loading them. */
export function usePageWords(): boolean {
  const [loaded, setLoaded] = useState(false);
  useEffect(
    () =>
      void loadPageWords().then(
        () => setLoaded(true),
        // The open page continues without them; the next part that needs them asks again.
        () => undefined,
      ),
    [],
  );
  return loaded;
}
