/** What a leg is ordered to do, one after the other. */
export interface LegTurns {
  /** After all that was ordered before, however that ended. */
  take<T>(legId: string, order: () => Promise<T>): Promise<T>;
  /** Resolves when all that was ordered so far is over; undefined when nothing is under way. */
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
