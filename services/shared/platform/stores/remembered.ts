/** Asks at most once in `forMs`; callers in between get the same answer. A failure is not remembered. */
export function remembered<T>(forMs: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly answer: Promise<T>; readonly askedAtMs: number } | undefined;
  return () => {
    const nowMs = performance.now();
    if (known === undefined || nowMs - known.askedAtMs >= forMs) {
      const answer = ask();
      known = { answer, askedAtMs: nowMs };
      answer.catch(() => {
        if (known?.answer === answer) known = undefined;
      });
    }
    return known.answer;
  };
}
