export interface SilenceWatch {
  /** Looks at every leg once; legs from which nothing has come for too long are told. */
  look(): Promise<void>;
}

/**
 * A caller whose network died sends no BYE: the leg would stay for ever, and an agent or a place in a queue with it. What counts is packets,
 * not loudness: a quiet caller sends them all the same. A leg whose party said that it sends nothing (hold) is not watched.
 */
export function createSilenceWatch({
  sending,
  packetsOf,
  onSilent,
  silentAfterMs,
  nowMs,
}: {
  readonly sending: () => readonly string[];
  /** Packets that have come from the party so far; undefined when the leg is gone. */
  readonly packetsOf: (legId: string) => Promise<number | undefined>;
  readonly onSilent: (legId: string) => void;
  readonly silentAfterMs: number;
  readonly nowMs: () => number;
}): SilenceWatch {
  const heard = new Map<string, { packets: number; sinceMs: number }>();
  let looking = false;

  async function lookAt(legId: string): Promise<void> {
    const packets = await packetsOf(legId).catch(() => undefined);
    // A relay that does not answer is reported by another watch.
    if (packets === undefined) return;
    const before = heard.get(legId);
    if (before?.packets !== packets) heard.set(legId, { packets, sinceMs: nowMs() });
    else if (nowMs() - before.sinceMs >= silentAfterMs) {
      heard.delete(legId);
      onSilent(legId);
    }
  }

  return {
    async look() {
      // One round at a time: a slow relay gets no second question before it has answered the first.
      if (looking) return;
      looking = true;
      try {
        const legs = sending();
        for (const legId of heard.keys()) if (!legs.includes(legId)) heard.delete(legId);
        for (const legId of legs) await lookAt(legId);
      } finally {
        looking = false;
      }
    },
  };
}
