/** One write of several that belong together, and how it is taken back. */
export interface Step {
  readonly run: () => Promise<unknown>;
  readonly takeBack: () => Promise<unknown>;
}

/**
 * Runs the steps in order. When one fails, the completed steps are undone, the last one first, and its error is thrown: either all steps
 * are done or none. A step that cannot be undone does not stop the others from being undone.
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
