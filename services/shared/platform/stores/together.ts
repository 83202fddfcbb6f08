interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps a batch small, and with it the answer and the memory for it. */
const MOST_AT_ONCE = 200;
/** A batch on a connection that has died may take minutes to fail. */
const HOLDS_UP_MS = 1_000;

/**
 * Does together what arrives in one turn of the event loop, or while an earlier batch is in progress. A single item waits only for the rest
 * of the turn; under load batches grow by themselves. `work` gets the items in order of arrival and returns one answer for each, in the
 * same order. When it fails, all items of that batch fail with its error, and no others. One batch is in progress at a time, unless it
 * takes so long that others need not wait for it.
 */
export function together<I, O>(
  work: (items: readonly I[]) => Promise<readonly O[]>,
  { most = MOST_AT_ONCE, holdsUpMs = HOLDS_UP_MS }: { readonly most?: number; readonly holdsUpMs?: number } = {},
): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let isBusy = false;

  // There is a turn between two batches as well: a caller that was answered by one may join the next.
  function beginNext(): void {
    if (isBusy || waiting.length === 0) return;
    isBusy = true;
    setImmediate(() => void run(waiting.splice(0, most)));
  }

  async function run(batch: readonly Waiting<I, O>[]): Promise<void> {
    let isHoldingUp = true;
    const letOthersBegin = (): void => {
      if (!isHoldingUp) return;
      isHoldingUp = false;
      isBusy = false;
      beginNext();
    };
    const timer = setTimeout(letOthersBegin, holdsUpMs);
    try {
      const answers = await work(batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error(`a batch of ${batch.length} got ${answers.length} answers`);
      for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    clearTimeout(timer);
    letOthersBegin();
  }

  return (item) =>
    new Promise<O>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      beginNext();
    });
}
