/** The commands for a leg, one after the other. */
export interface LegTurns {
  /** Runs after all earlier commands, whether they succeeded or not. */
  take<T>(legId: string, order: () => Promise<T>): Promise<T>;
  /** Resolves when all commands so far have ended; undefined when none is under way. */
  over(legId: string): Promise<unknown> | undefined;
}

export function createLegTurns(): LegTurns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(legId, order) {
      const turn = (last.get(legId) ?? Promise.resolve()).then(order);
      const over = turn.catch(() => undefined);
      last.set(legId, over);
      void over.then(() => last.get(legId) === over && last.delete(legId));
      return turn;
    },
    over: (legId) => last.get(legId),
  };
}
