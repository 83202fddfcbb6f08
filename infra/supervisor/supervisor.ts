import { join } from 'node:path';
import type { LogArchive } from './logs/log-archive.js';
import type { Plan } from './plan/plan.js';
import { ProcessLog } from './logs/process-log.js';
import type { ProcessTable } from './processes/process-table.js';
import { StartFailure } from './start-failure.js';
import { ProcessFailure, SupervisedProcess, usualPace, type Pace, type ProcessNews } from './processes/supervised-process.js';

export interface SupervisorOptions {
  readonly plan: Plan;
  readonly logFolder: string;
  readonly archive: LogArchive;
  readonly table: ProcessTable;
  /** Where the processes run. */
  readonly cwd: string;
  readonly onNews: (name: string, news: ProcessNews) => void;
  readonly onStage?: (names: readonly string[]) => void;
  readonly pace?: Pace;
}

/** Starts the processes of a plan stage by stage, keeps them alive, and stops them in reverse. */
export class Supervisor {
  private readonly processes: readonly SupervisedProcess[];
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: SupervisorOptions) {
    const { plan, logFolder, archive, onNews, cwd, table, pace = usualPace } = options;
    this.processes = plan.processes.map((each) => {
      const onProcessNews = (news: ProcessNews): void => {
        if (news.kind === 'started') table.write(this.pids());
        onNews(each.name, news);
      };
      return new SupervisedProcess(each, new ProcessLog(logFolder, each.name, archive), onProcessNews, cwd, pace);
    });
  }

  /** The plan and the current process ids. */
  running(): readonly Pick<SupervisedProcess, 'plan' | 'pid' | 'ready' | 'standsBy'>[] {
    return this.processes.map(({ plan, pid, ready, standsBy }) => ({ plan, pid, ready, standsBy }));
  }

  /** Resolves when all are ready. Throws a StartFailure for the first that is not, after the others were stopped. */
  async start(): Promise<void> {
    try {
      for (const stage of this.stages()) {
        this.options.onStage?.(stage.map(({ plan }) => plan.name));
        await Promise.all(stage.map((each) => each.start()));
        if (this.stopped !== undefined) return;
      }
    } catch (error) {
      const stoppedByOthers = this.stopped !== undefined;
      await this.stop();
      if (stoppedByOthers) return;
      throw error instanceof ProcessFailure ? this.told(error) : error;
    }
  }

  /**
   * Lets calls end by themselves, for at most `limitMs` and until `hurry`; new calls are refused. `tell` is called with the number of
   * remaining calls. `stop` then hangs up the rest.
   */
  async drain({
    limitMs,
    hurry,
    tell,
  }: {
    readonly limitMs: number;
    readonly hurry: Promise<void>;
    readonly tell: (calls: number) => void;
  }): Promise<void> {
    if (limitMs === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    const atRest = this.processes.filter(({ plan }) => plan.holdsCalls).map((each) => each.drained(tell));
    await Promise.race([Promise.all(atRest), limit, hurry]);
    clearTimeout(timer);
  }

  /** Ends the product. Safe to call at any time and twice. */
  async stop(): Promise<void> {
    this.stopped ??= (async () => {
      for (const stage of this.stages().reverse()) await Promise.all(stage.map((each) => each.stop()));
    })();
    await this.stopped;
  }

  private pids(): number[] {
    return this.processes.map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  private stages(): SupervisedProcess[][] {
    const numbers = [...new Set(this.processes.map(({ plan }) => plan.stage))].sort((a, b) => a - b);
    return numbers.map((number) => this.processes.filter(({ plan }) => plan.stage === number));
  }

  private told({ processName: name, kind, reason }: ProcessFailure): StartFailure {
    const facts = { name, line: reason, log: join(this.options.logFolder, `${name}.log`) };
    if (kind === 'missing') return new StartFailure('program-missing', facts);
    return new StartFailure(kind === 'late' ? 'not-ready-in-time' : 'process-failed', facts);
  }
}
