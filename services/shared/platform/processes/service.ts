/**
 * What ends. `process`: this process, and another goes on with what it leaves (it was told to end, an exception, a hang). `product`:
 * everything, so that what it leaves would be nobody's. Whoever ends a process says which; none of them guesses.
 */
export type Ending = 'process' | 'product';

/** Something with a life: created without effect, started in order, stopped in reverse. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Safe to call when `start` failed half way. `process` where nothing is said. */
  stop(ending?: Ending): Promise<void>;
  /** The product is about to end: takes no new calls, and tells how many are left, at once and whenever that has changed. */
  drain?(tell: (calls: number) => void): void;
  /** What the supervisor and the status page show; `ok: false` with a reason when people must act. */
  health?(): Promise<Health>;
}

export interface Health {
  readonly ok: boolean;
  readonly reason?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Starts in order. On failure, or when the returned function is called, stops in reverse what had started. */
export async function run(services: readonly Service[]): Promise<(ending: Ending) => Promise<void>> {
  const started: Service[] = [];
  const stop = async (ending: Ending): Promise<void> => {
    for (const service of started.splice(0).reverse()) await service.stop(ending);
  };
  try {
    for (const service of services) {
      started.push(service);
      await service.start();
    }
  } catch (error) {
    await stop('process');
    throw error;
  }
  return stop;
}
