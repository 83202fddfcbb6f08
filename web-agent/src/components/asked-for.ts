import { useEffect, useRef } from 'react';
import { useLocation, useSearchParams } from 'react-router';

/**
 * Calls back with what the address asks a page to show under `name`, each time somebody follows such a link, even when the page is already
 * open.
 */
export function useAskedFor(name: string, onAsked: (value: string) => void): void {
  const { key } = useLocation();
  const [address] = useSearchParams();
  const value = address.get(name) ?? '';
  const current = useRef(onAsked);
  current.current = onAsked;
  useEffect(() => {
    if (value !== '') current.current(value);
  }, [key, value]);
}
