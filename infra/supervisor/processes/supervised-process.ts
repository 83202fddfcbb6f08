import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { boundToParent } from '../../../services/shared/platform/processes/bound-process.js';
import { errorCode } from '../../../services/shared/platform/processes/error-code.js';
import { makeNice } from '../../../services/shared/platform/processes/niceness.js';
import { moveCapturesAside } from '../../../services/shared/platform/network/relay-captures.js';
import { afterDeath, noDeaths, type BackOff } from './back-off.js';
import { reasonIn, toldBy, withoutPersonalData } from '../logs/log-line.js';
import type { ProcessPlan } from '../plan/plan.js';
import { probe } from './probe.js';
import { lineSplitter, type ProcessLog } from '../logs/process-log.js';

/** What happens to a process, for the console and for `ready.json`. */
export type ProcessNews =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'died'; readonly exit: string; readonly restartInMs: number }
  | { readonly kind: 'hung' }
  | { readonly kind: 'ill'; readonly reason: string }
  | { readonly kind: 'well' }
  | { readonly kind: 'told'; readonly level: 'info' | 'warn' | 'error'; readonly message: string };

/** Why the first start did not get to ready. `reason` is taken from the end of its output. */
export class ProcessFailure extends Error {
  constructor(
    readonly processName: string,
    readonly kind: 'missing' | 'exited' | 'late',
    readonly reason: string,
  ) {
    super(`${processName}: ${kind}`);
  }
}

export interface Pace {
  readonly probeEveryMs: number;
  readonly healthEveryMs: number;
  /** A role that has not answered for this long is considered hung. */
  readonly hungAfterMs: number;
}

export const usualPace: Pace = { probeEveryMs: 100, healthEveryMs: 5_000, hungAfterMs: 45_000 };

/** How many of the last lines of output are kept, to report why a process failed. */
const KEPT_LINES = 40;

const LAST_WORDS_MS = 300;

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  readyAtMs: number | undefined;
  /** The roles for which it waits until another process ends, as it said when it became ready. */
  standsBy: readonly string[];
  answeredAtMs: number;
}

const secretsOf = ({ secretEnv = {} }: ProcessPlan): Record<string, string> =>
  Object.fromEntries(Object.entries(secretEnv).map(([name, file]) => [name, readFileSync(file, 'utf8').trim()]));

/** One process kept alive: started, watched, started again when it dies, stopped within its time. */
export class SupervisedProcess {
  private running: Running | undefined;
  private backOff: BackOff = noDeaths;
  private stopping = false;
  private restartTimer: NodeJS.Timeout | undefined;
  private ill = false;

  constructor(
    readonly plan: ProcessPlan,
    private readonly log: ProcessLog,
    private readonly onNews: (news: ProcessNews) => void,
    private readonly cwd: string,
    private readonly pace: Pace = usualPace,
  ) {}

  get pid(): number | undefined {
    return this.running?.child.pid;
  }

  get ready(): boolean {
    return this.running?.readyAtMs !== undefined;
  }

  /** The roles that it did not have when it became ready, because another process had them. */
  get standsBy(): readonly string[] {
    return this.running?.standsBy ?? [];
  }

  /** Resolves when the process is ready; rejects with a ProcessFailure when it ends or is late. From then on it is kept alive. */
  async start(): Promise<void> {
    await this.launch();
  }

  /** Asks the process to end, waits as long as its plan allows, then kills it. Also cancels a pending restart. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restartTimer);
    const { running } = this;
    if (running !== undefined) await this.end(running);
    this.log.close();
  }

  /** Resolves when no call depends on the process any more. */
  async drained(tell: (calls: number) => void): Promise<void> {
    const { running } = this;
    if (running === undefined || !running.child.connected) return;
    const { child, exited } = running;
    const atRest = new Promise<void>((resolve) =>
      child.on('message', (message: { type?: string; calls?: number }) => {
        if (message.type !== 'draining') return;
        tell(message.calls ?? 0);
        if (message.calls === 0) resolve();
      }),
    );
    child.send({ type: 'drain' }, () => undefined);
    await Promise.race([atRest, exited]);
  }

  /** `SIGTERM` ends one process, and its successor takes over its calls. If calls depend on it and no successor comes, it is informed. */
  private async end({ child, exited }: Running): Promise<void> {
    if (this.stopping && this.plan.holdsCalls === true && child.connected) child.send({ type: 'stop', ending: 'product' }, () => undefined);
    else child.kill('SIGTERM');
    const cut = setTimeout(() => child.kill('SIGKILL'), this.plan.stopWithinMs);
    await exited;
    clearTimeout(cut);
  }

  private async launch(): Promise<void> {
    const { plan } = this;
    if (plan.capturesFolder !== undefined) await moveCapturesAside(plan.capturesFolder, () => true, Date.now());
    if (this.stopping) return;
    // A session of its own: Ctrl-C reaches only the supervisor, which stops in order.
    const { command, args } = boundToParent(plan);
    const child = spawn(command, args, {
      cwd: this.cwd,
      env: { ...process.env, ...plan.env, ...secretsOf(plan) },
      detached: true,
      stdio: plan.readiness.kind === 'role' ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
    const foreign = plan.readiness.kind === 'valkey' || plan.readiness.kind === 'rtpengine';
    const lastLines: string[] = [];
    let sayReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (sayReady = resolve));

    const take = (fromStderr: boolean) =>
      lineSplitter((raw) => {
        const line = foreign ? withoutPersonalData(raw) : raw;
        this.log.append(line);
        if (plan.readiness.kind === 'json-line' && !fromStderr && /^\{.*"ready":\s*true/.test(line)) sayReady();
        if (fromStderr || foreign) lastLines.push(line);
        if (lastLines.length > KEPT_LINES) lastLines.shift();
        const told = toldBy(line);
        if (told === undefined) return;
        if (!fromStderr) lastLines.push(told.message);
        this.onNews({ kind: 'told', ...told });
      });
    child.stdout?.setEncoding('utf8').on('data', take(false));
    child.stderr?.setEncoding('utf8').on('data', take(true));

    let failure: 'missing' | 'exited' = 'exited';
    const exited = new Promise<void>((resolve) => {
      child.once('error', () => {
        failure = 'missing';
        if (child.pid === undefined) resolve();
      });
      child.once('close', () => resolve());
      // A child of the process may hold its output open: the last words of the process are waited for, but not that child.
      child.once('exit', () => setTimeout(resolve, LAST_WORDS_MS));
    });
    const running: Running = { child, exited, readyAtMs: undefined, standsBy: [], answeredAtMs: Date.now() };
    this.running = running;
    if (child.pid !== undefined) this.onNews({ kind: 'started', pid: child.pid });

    child.on('message', (message: { type?: string; ok?: boolean; reason?: string; info?: { standsBy?: readonly string[] } }) => {
      running.answeredAtMs = Date.now();
      if (message.type === 'ready') {
        running.standsBy = message.info?.standsBy ?? [];
        sayReady();
      }
      if (message.type === 'health') this.takeHealth(message.ok !== false, message.reason ?? '');
    });
    // The channel may break a moment before the process is gone; `close` tells when it is.
    child.on('error', () => undefined);

    let late: NodeJS.Timeout | undefined;
    const outcome = await Promise.race([
      ready.then(() => 'ready' as const),
      this.probeUntilReady(running).then(() => 'ready' as const),
      exited.then(() => 'exited' as const),
      new Promise<'late'>((resolve) => (late = setTimeout(() => resolve('late'), plan.readyWithinMs))),
    ]);
    clearTimeout(late);
    if (outcome === 'ready') {
      running.readyAtMs = Date.now();
      running.answeredAtMs = Date.now();
      // Only once it is ready: until then the others wait for it, and on a busy machine it would not start up with a low priority.
      if (plan.niceness !== undefined && child.pid !== undefined) void makeNice(child.pid, plan.niceness);
      this.onNews({ kind: 'ready' });
      this.watch(running);
      return;
    }
    if (outcome === 'late') await this.end(running);
    this.running = undefined;
    // The shell exits with 127 when there is no such program.
    throw new ProcessFailure(plan.name, outcome === 'late' ? 'late' : child.exitCode === 127 ? 'missing' : failure, reasonIn(lastLines));
  }

  private async probeUntilReady(running: Running): Promise<void> {
    const { readiness } = this.plan;
    if (readiness.kind !== 'valkey' && readiness.kind !== 'rtpengine') return new Promise(() => undefined);
    while (running.child.exitCode === null && running.child.signalCode === null) {
      if (await probe(readiness)) return;
      await new Promise((resolve) => setTimeout(resolve, this.pace.probeEveryMs));
    }
    return new Promise(() => undefined);
  }

  private watch(running: Running): void {
    const timer = setInterval(() => void this.check(running), this.pace.healthEveryMs);
    void running.exited.then(() => {
      clearInterval(timer);
      this.running = undefined;
      if (this.stopping) return;
      const { backOff, delayMs } = afterDeath(this.backOff, running.readyAtMs === undefined ? undefined : Date.now() - running.readyAtMs);
      this.backOff = backOff;
      const { exitCode, signalCode } = running.child;
      this.onNews({ kind: 'died', exit: signalCode ?? String(exitCode), restartInMs: delayMs });
      this.restartAfter(delayMs);
    });
  }

  private restartAfter(delayMs: number): void {
    this.restartTimer = setTimeout(() => {
      if (this.stopping) return;
      this.launch().catch((error: unknown) => {
        if (this.stopping) return;
        const next = afterDeath(this.backOff, undefined);
        this.backOff = next.backOff;
        this.onNews({
          kind: 'died',
          exit: error instanceof ProcessFailure ? error.kind : 'unknown',
          restartInMs: next.delayMs,
        });
        this.restartAfter(next.delayMs);
      });
    }, delayMs);
  }

  private async check(running: Running): Promise<void> {
    if (this.stopping || this.running !== running) return;
    if (this.plan.readiness.kind === 'role') {
      if (Date.now() - running.answeredAtMs > this.pace.hungAfterMs) {
        this.onNews({ kind: 'hung' });
        await this.end(running);
        return;
      }
      if (running.child.connected) running.child.send({ type: 'health?' }, () => undefined);
      return;
    }
    // A slow store or relay is reported and left alone: ending it would end its calls.
    // Nor may a check that cannot be made, for want of a file handle or the file with the password, end the supervisor.
    const failure = await probe(this.plan.readiness).then(
      (ok) => (ok ? undefined : 'no answer'),
      (error: unknown) => `not checked: ${String(errorCode(error) ?? error)}`,
    );
    this.takeHealth(failure === undefined, failure ?? '');
  }

  private takeHealth(ok: boolean, reason: string): void {
    if (ok === !this.ill) return;
    this.ill = !ok;
    this.onNews(ok ? { kind: 'well' } : { kind: 'ill', reason });
  }
}
