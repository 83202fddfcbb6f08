export interface OwnCall {
  readonly endedAt: string;
  readonly talks?: readonly { readonly agentId: string; readonly from: string; readonly to: string }[];
}

/** The agent's calls and talk time since midnight of the reader's zone. */
export function todayOf(calls: readonly OwnCall[], agentId: string, now: Date): { readonly calls: number; readonly talkMs: number } {
  const midnightMs = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const talks = calls.flatMap(({ endedAt, talks: all = [] }) => {
    const own = all.filter((talk) => talk.agentId === agentId);
    return Date.parse(endedAt) < midnightMs || own.length === 0 ? [] : [own];
  });
  const talkMs = talks.flat().reduce((sum, { from, to }) => sum + Math.max(0, Date.parse(to) - Date.parse(from)), 0);
  return { calls: talks.length, talkMs };
}
