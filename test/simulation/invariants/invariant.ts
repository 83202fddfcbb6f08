import type { World } from '../world.js';

/**
 * Something that must hold for the whole, written from the documents. It reads what is stored, heard and shown, never the code that it
 * judges.
 */
export interface Invariant {
  readonly name: string;
  /** The sentence of the documents that it enforces. */
  readonly sentence: string;
  /** Four times a second of virtual time. */
  tick?(): void;
  /** Once everything is quiet. */
  end?(): void;
}

/** Longer than the time between two ticks: whatever was not judged for so long was not there, and starts anew. */
const UNSEEN_MS = 1_000;

/**
 * Being out of step for a moment is normal; for longer it is a violation. Nothing is counted while something is broken, nor during the time
 * that recovery may take.
 */
export function createPatience(
  world: World,
  invariant: string,
): (key: string, isWrong: boolean, limitMs: number, say: () => string, about?: readonly string[]) => void {
  const wrong = new Map<string, { readonly sinceMs: number; readonly seenMs: number }>();
  return (key, isWrong, limitMs, say, about = []) => {
    if (!isWrong || world.isDisturbed) {
      if (wrong.size > 0) wrong.delete(key);
      return;
    }
    const nowMs = world.scheduler.nowMs;
    const before = wrong.get(key);
    const sinceMs = before === undefined || nowMs - before.seenMs > UNSEEN_MS ? nowMs : before.sinceMs;
    wrong.set(key, { sinceMs, seenMs: nowMs });
    if (nowMs - sinceMs > limitMs) world.fail(invariant, `${say()} (for ${nowMs - sinceMs} ms)`, about);
  };
}
