import type { Service } from '../../../services/shared/platform/processes/service.js';
import { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** As in services/main.ts: after this time the process ends anyway. */
const STOP_WITHIN_MS = 8_000;

/** One role of the product in a process of its own: started, killed, and started again from what is in the stores. */
export abstract class Role {
  process: Process | undefined;
  #generation = 0;

  constructor(
    readonly name: string,
    protected readonly world: World,
    private readonly restartMs: number,
  ) {}

  get alive(): boolean {
    return this.process?.alive === true;
  }

  protected abstract begin(process: Process): Promise<void>;

  start(): void {
    this.#generation += 1;
    const process = new Process(`${this.name}#${this.#generation}`, this.world.scheduler);
    this.process = process;
    this.world.note('supervisor', 'starts', { process: process.name });
    this.begin(process).catch((error: unknown) => {
      this.world.note('supervisor', 'role could not start', { process: process.name, error: String(error) });
      if (error instanceof TypeError) this.world.fail('crash', `${process.name}: ${error.stack ?? error.message}`);
      this.kill();
    });
  }

  /** SIGKILL; the supervisor starts it anew. */
  kill(): void {
    if (this.process?.alive !== true) return;
    this.world.note('supervisor', 'killed', { process: this.process.name });
    this.process.kill();
    this.world.bus.forget(this.process);
    this.died();
    this.world.scheduler.after(this.restartMs, () => this.start());
  }

  /** SIGTERM: the role ends by itself, as at a new deployment or after an error of its own, and the supervisor starts it again. */
  terminate(): void {
    const { process } = this;
    if (process?.alive !== true) return;
    this.world.note('supervisor', 'told to end', { process: process.name });
    const over = (): void => {
      if (this.process === process) this.kill();
    };
    this.world.scheduler.after(STOP_WITHIN_MS, over);
    this.end().then(over, (error: unknown) => this.world.fail('crash', `${process.name} could not end: ${String(error)}`));
  }

  protected end(): Promise<void> {
    return this.service?.stop('process') ?? Promise.resolve();
  }
  protected service: Service | undefined;

  protected died(): void {}
}
