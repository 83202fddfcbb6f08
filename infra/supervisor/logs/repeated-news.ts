/** Lets each text through once in `quietMs`: what a process says every second is said to people once. */
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
