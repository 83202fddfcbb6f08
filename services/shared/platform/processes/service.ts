/**
 * What ends. `process`: this process, and another continues with what it leaves (it was told to end, an exception, a hang). `product`:
 * everything, so that nobody would continue. Whoever ends a process says which; no service guesses.
 */
export type Ending = 'process' | 'product';

/** A part with a life cycle: created without effect, started in order, stopped in reverse order. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Safe to call when `start` failed half-way. Without an argument: `process`. */
  stop(ending?: Ending): Promise<void>;
  /**
   * The product is about to end: the service takes no new calls, and reports the number of remaining calls, at once and after every change.
   */
  drain?(tell: (calls: number) => void): void;
  /** Whether it waits for another process to end; it has the name of its role then. */
  standsBy?(): boolean;
  /** What the supervisor and the status page show; `ok: false` with a reason when people must act. */
  health?(): Promise<Health>;
}

export interface Health {
  readonly ok: boolean;
  readonly reason?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Starts services in order. After a failure, or when the returned function is called, stops the started ones in reverse order. */
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
