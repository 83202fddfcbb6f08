/** Something with a life: created without effect, started in order, stopped in reverse. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  /** Ends after draining. Safe to call when `start` failed half way. */
  stop(): Promise<void>;
  /** What the supervisor and the status page show; `ok: false` with a reason when people must act. */
  health?(): Promise<Health>;
}

export interface Health {
  readonly ok: boolean;
  readonly reason?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Starts in order. On failure, or when the returned function is called, stops in reverse what had started. */
export async function run(services: readonly Service[]): Promise<() => Promise<void>> {
  const started: Service[] = [];
  const stop = async (): Promise<void> => {
    for (const service of started.splice(0).reverse()) await service.stop();
  };
  try {
    for (const service of services) {
      started.push(service);
      await service.start();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
