import { useEffect, useState, type ReactNode } from 'react';
import { clockText } from './times.js';

/** A clock that counts from `sinceMs` (page clock), once a second, in tabular figures. */
export function Elapsed({ sinceMs, testId }: { readonly sinceMs: number; readonly testId?: string }): ReactNode {
  const now = useNow();
  return (
    <span className="figures" role="timer" data-testid={testId}>
      {clockText(now - sinceMs)}
    </span>
  );
}

/** The page clock, every second. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
