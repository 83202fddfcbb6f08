import type { SipOut } from '../../ports.js';

/**
 * Resolves with `givenUp` when a call has been silent for too long and its far end is not there, or has not even confirmed the INVITE.
 * Otherwise it never resolves.
 */
export function watchSilence(
  silence: SipOut['silence'],
  { hasAlerted, isUnheard }: { readonly hasAlerted: () => boolean; readonly isUnheard: () => boolean },
): { readonly givenUp: Promise<'given up'>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let unheard: NodeJS.Timeout | undefined;
  let stopped = silence === undefined;
  const givenUp = new Promise<'given up'>((resolve) => {
    if (silence === undefined) return;
    timer = setTimeout(() => {
      if (hasAlerted()) return;
      void silence.isThere().then((isThere) => {
        if (!isThere && !stopped && !hasAlerted()) resolve('given up');
      });
    }, silence.afterMs);
    unheard = setTimeout(() => {
      if (isUnheard() && !stopped) resolve('given up');
    }, silence.unheardMs);
  });
  return {
    givenUp,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(unheard);
    },
  };
}
