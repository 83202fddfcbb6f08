export interface SilenceWatch {
  /** Checks every leg once, and reports legs that have been silent for too long. */
  look(): Promise<void>;
}

/**
 * A caller whose network failed sends no BYE: the leg, and with it an agent or a place in a queue, would stay for ever. Packets count, not
 * loudness, so a quiet caller is safe. A leg whose party said that it sends nothing (hold) is not watched.
 */
export function createSilenceWatch({
  sending,
  packetsOf,
  onSilent,
  silentAfterMs,
  nowMs,
}: {
  readonly sending: () => readonly string[];
  /** The number of packets from the party so far; undefined when the leg is gone. */
  readonly packetsOf: (legId: string) => Promise<number | undefined>;
  readonly onSilent: (legId: string) => void;
  readonly silentAfterMs: number;
  readonly nowMs: () => number;
}): SilenceWatch {
  const heard = new Map<string, { packets: number; sinceMs: number }>();
  let looking = false;

  async function lookAt(legId: string): Promise<void> {
    const packets = await packetsOf(legId).catch(() => undefined);
    // Relays that do not answer are reported by another watch.
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
      // One round at a time: a slow relay is not asked again before it has answered.
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
