/** The level of both channels over time, 0-255, as the server computed it at archiving. */
export interface LoudnessPeaks {
  readonly bucketMs: number;
  readonly caller: readonly number[];
  readonly agent: readonly number[];
}

/** Lower levels are silence: line noise stays below it, a whisper does not. */
const SILENT_BELOW = 6;
/** Shorter breaks are part of talking. */
const SHORTEST_SKIPPED_MS = 2_000;
/** Stops a little before the first word. */
const LEAD_IN_MS = 300;

/** Where to continue from `atMs` when nobody talks for a while; undefined when somebody talks, or soon will. */
export function endOfSilence({ bucketMs, caller, agent }: LoudnessPeaks, atMs: number): number | undefined {
  const from = Math.floor(atMs / bucketMs);
  const count = Math.max(caller.length, agent.length);
  let next = from;
  while (next < count && (caller[next] ?? 0) < SILENT_BELOW && (agent[next] ?? 0) < SILENT_BELOW) next += 1;
  const soundMs = next * bucketMs;
  return soundMs - atMs < SHORTEST_SKIPPED_MS ? undefined : soundMs - LEAD_IN_MS;
}
