import type { SipOut } from '../../ports.js';

interface Heard {
  /** The far end rings, or has answered. */
  readonly hasAlerted: () => boolean;
  /** Not even a 100 has come. */
  readonly isUnheard: () => boolean;
  /** The next hop says 100 to an INVITE that it has. */
  readonly saysTrying: () => boolean;
}

/**
 * Resolves with `givenUp` when a call has been silent for too long and its far end is not there, or has not even confirmed the INVITE.
 * Otherwise it never resolves. `onSilence` is told when not even a 100 has come and the call waits all the same.
 */
export function watchSilence(
  { silence, onSilence }: Pick<SipOut, 'silence' | 'onSilence'>,
  { hasAlerted, isUnheard, saysTrying }: Heard,
): { readonly givenUp: Promise<'given up'>; heard(): void; stop(): void } {
  const timers: NodeJS.Timeout[] = [];
  let isStopped = false;
  let isToldSilent = false;
  const at = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      if (!isStopped) run();
    }, ms);
    timers.push(timer);
  };
  const givenUp = new Promise<'given up'>((resolve) => {
    if (silence === undefined) return;
    const { afterMs, unheardMs, lastWay, isThere } = silence;
    let isAbsent = false;
    // With another way at hand, a 100 is not enough to wait for somebody who does not answer OPTIONS.
    const isWaitedFor = (): boolean => (lastWay === undefined ? hasAlerted() : !isUnheard());
    at(afterMs, () => {
      if (isWaitedFor()) return;
      void isThere().then((there) => {
        isAbsent = !there;
        if (isAbsent && lastWay === undefined && !isStopped && !hasAlerted()) resolve('given up');
      });
    });
    at(unheardMs, () => {
      if (!isUnheard()) return;
      if (saysTrying()) resolve('given up');
      else {
        isToldSilent = true;
        onSilence?.(true);
      }
    });
    if (lastWay === undefined) return;
    at(lastWay.giveUpMs, () => {
      if (isAbsent && isUnheard()) resolve('given up');
    });
  });
  return {
    givenUp,
    heard() {
      if (isToldSilent) onSilence?.(false);
      isToldSilent = false;
    },
    stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
