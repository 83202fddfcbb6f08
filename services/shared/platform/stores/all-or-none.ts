/** One write of several that belong together, and how it is taken back. */
export interface Step {
  readonly run: () => Promise<unknown>;
  readonly takeBack: () => Promise<unknown>;
}

/**
 * Runs the steps in order. When one fails, those that were done are taken back, the last one first, and its error is thrown: either all of
 * them are done or none. A step that cannot be taken back does not keep the others from it.
 */
export async function allOrNone(steps: readonly Step[]): Promise<void> {
  const done: Step[] = [];
  for (const step of steps) {
    try {
      await step.run();
      done.unshift(step);
    } catch (error) {
      for (const { takeBack } of done) await takeBack().catch(() => undefined);
      throw error;
    }
  }
}
