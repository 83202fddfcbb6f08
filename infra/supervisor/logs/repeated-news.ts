/** Lets each text through once per `quietMs`: a message that a process repeats every second reaches people once. */
export function withoutRepeats(print: (text: string) => void, quietMs = 60_000, nowMs: () => number = Date.now): (text: string) => void {
  const toldAtMs = new Map<string, number>();
  return (text) => {
    const now = nowMs();
    for (const [known, atMs] of toldAtMs) if (now - atMs >= quietMs) toldAtMs.delete(known);
    if (toldAtMs.has(text)) return;
    toldAtMs.set(text, now);
    print(text);
  };
}
