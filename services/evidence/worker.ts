import type { AlarmCode } from '../shared/domain/alarm.js';
import { failureOf } from '../shared/domain/failure.js';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import { createAlarmCondition, type AlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Audit } from '../shared/platform/http/route.js';
import { everyQuarter } from '../shared/platform/processes/rounds.js';
import type { Service } from '../shared/platform/processes/service.js';
import { addDays, type CalendarDate } from '../shared/domain/time/calendar-date.js';
import type { Usage } from './checks/usage.js';
import { shownState, stateName, watchFiling, type SiteState } from './evidence-service.js';
import { languages, type Language } from '../shared/domain/language.js';
import { countOnly, gather, type Gathered } from './pack/gather.js';
import type { PackDependencies } from './pack/pack-needs.js';
import { makePack } from './pack/pack-service.js';
import type { FilingStore, Job, JobStore, ProbeRound, SeatLog, SiteReader, StateStore, StoredRows, Stretch } from './ports.js';

export interface WorkerDependencies {
  readonly calendar: { today(): CalendarDate; stretchOf(from: string, to: string): Stretch; monthOf(atMs: number): string };
  readonly filings: FilingStore;
  readonly states: StateStore;
  readonly jobs: JobStore;
  readonly rows: StoredRows;
  readonly site: SiteReader;
  readonly seatLog: SeatLog;
  readonly stateOf: (usage: Usage, language: Language) => Promise<SiteState>;
  readonly probe: ProbeRound;
  readonly packNeeds: () => Promise<Omit<PackDependencies, 'probe'>>;
  readonly sweep: () => Promise<void>;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly log: Logger;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
}

const USAGE_DAYS = 30;

/** Rounds of the probes, each with what follows from it: state of the site, figures, alarms. */
function createRounds(needs: WorkerDependencies) {
  const { bus, calendar, states, now } = needs;
  let rounds: Promise<number> | undefined;
  const alarmOf = (code: AlarmCode): AlarmCondition => createAlarmCondition({ bus, code, nowMs: () => now().getTime() });
  const alarms = {
    'clock-drift': alarmOf('clock-drift'),
    'duty-overdue': alarmOf('duty-overdue'),
    'duty-urgent': alarmOf('duty-urgent'),
    'filing-differences': alarmOf('filing-differences'),
  };
  let recent: { gathered: Gathered; today: CalendarDate; atMs: number; tookMs: number } | undefined;

  /** Runs the probes, then everything that follows from them. Two requests at once get the same round. */
  function round(): Promise<number> {
    rounds ??= oneRound().finally(() => (rounds = undefined));
    return rounds;
  }

  async function oneRound(): Promise<number> {
    const today = calendar.today();
    const stretch = calendar.stretchOf(addDays(today, 1 - USAGE_DAYS), today);
    const [{ figures, traffic }, seats, accounts] = await Promise.all([
      recentRows(today, stretch),
      needs.site.seats(stretch),
      needs.site.accounts(),
    ]);
    const readings = await needs.probe(traffic);
    const usage: Usage = {
      ...seats,
      accounts,
      numbers: traffic.numbers,
      trunks: traffic.trunks,
      answeredWithoutRecording: Math.max(0, traffic.handled - traffic.recordings),
    };
    const state = await needs.stateOf(usage, 'zh-CN');
    await watchFiling(state, needs.filings);
    for (const language of languages)
      await states.save(stateName(language), shownState(language === 'zh-CN' ? state : await needs.stateOf(usage, language)), now());
    await states.save('figures', { from: addDays(today, 1 - USAGE_DAYS), to: today, figures }, now());
    await publishAlarms(state);
    return readings;
  }

  /**
   * The counted rows of the last 30 days. On a busy site counting is work: it is repeated only after a hundred times its own duration has
   * passed, so that it never takes more than a hundredth of the time; on a small site it is repeated every round.
   */
  async function recentRows(today: CalendarDate, stretch: Stretch): Promise<Gathered> {
    const beganMs = now().getTime();
    if (recent !== undefined && recent.today === today && beganMs - recent.atMs < Math.max(60_000, 100 * recent.tookMs))
      return recent.gathered;
    const gathered = await gather({
      rows: needs.rows,
      stretch,
      monthOf: calendar.monthOf,
      keep: countOnly,
      seed: today,
      progress: () => undefined,
    });
    recent = { gathered, today, atMs: beganMs, tookMs: Math.max(0, now().getTime() - beganMs) };
    return gathered;
  }

  /** The faults found in this round, as alarms that end with their condition. */
  async function publishAlarms({ findings, duties, differences }: SiteState): Promise<void> {
    const off = findings.filter(({ rule }) => rule === 'clock-drift').map(({ subject }) => subject);
    const overdue = duties.filter(({ urgency }) => urgency === 'overdue').length;
    const urgent = duties.filter(({ urgency }) => urgency === 'urgent').length;
    const said = (count: number, zh: string, en: string) => (count === 0 ? undefined : { text: { 'zh-CN': zh, en } });
    await alarms['clock-drift'].is(said(off.length, `时钟偏差超限：${off.join('、')}`, `Clocks are off: ${off.join(', ')}`));
    await alarms['duty-overdue'].is(said(overdue, `${overdue} 项合规事项逾期`, `${overdue} duties are overdue`));
    await alarms['duty-urgent'].is(said(urgent, `${urgent} 项合规事项即将到期`, `${urgent} duties are due soon`));
    const count = differences.length;
    await alarms['filing-differences'].is(said(count, `与备案有 ${count} 处差异`, `${count} differences from what was filed`));
  }

  return { round };
}

export function createWorker(needs: WorkerDependencies): Service {
  const { bus, commands, log, jobs, now } = needs;
  const stops: (() => Promise<void>)[] = [];
  let lastRound: { ok: boolean; at: Date } | undefined;
  const { round: roundOf } = createRounds(needs);
  const round = async (): Promise<number> => {
    const readings = await roundOf();
    lastRound = { ok: true, at: now() };
    return readings;
  };
  const probing = everyQuarter(round, (error) => {
    lastRound = { ok: false, at: now() };
    log.error({ err: error }, 'the evidence job failed');
  });
  let packs: Promise<unknown> = Promise.resolve();
  async function runJob(job: Job, order: Parameters<typeof makePack>[0]): Promise<void> {
    let current = job;
    const tell = async (change: Partial<Job>): Promise<void> => {
      current = { ...current, ...change };
      await jobs.put(current);
      await bus.publish('evidence.progress', {
        jobId: current.jobId,
        at: now().toISOString(),
        step: current.step,
        done: current.done,
        total: current.total,
        ...(current.reason === undefined ? {} : { failed: current.reason }),
      });
    };
    try {
      const pack = await makePack(order, { ...(await needs.packNeeds()), probe: needs.probe }, async (step, done, total) => {
        if (step !== current.step || done > current.done) await tell({ step, done, total });
      });
      // The locked heads of the audit chain fix the manifest, too.
      await needs.audit({ who: order.requestedBy, what: 'pack.sealed', object: pack.packId, success: true, reason: pack.manifestSha256 });
      await tell({ state: 'sealed', step: 'sealed', done: current.total, packId: pack.packId });
      await bus.publish('evidence.pack-sealed', { packId: pack.packId, at: now().toISOString(), kind: pack.kind, sha256: pack.sha256 });
    } catch (error) {
      log.error({ err: error, jobId: job.jobId }, 'a pack could not be made');
      await tell({ state: 'failed', step: 'failed', reason: failureOf(error) }).catch(() => undefined);
    }
  }

  return {
    name: 'evidence',
    async start() {
      await needs.sweep();
      await jobs.failRunning('interrupted');
      stops.push(
        await bus.subscribe(
          'evidence',
          {
            'seat.online': ({ sessionId, agentId, at, device, address }) =>
              needs.seatLog.online({
                sessionId,
                agentId,
                at: new Date(at),
                ...(device === undefined ? {} : { device }),
                ...(address === undefined ? {} : { address }),
              }),
            'seat.offline': ({ sessionId, at, reason }) => needs.seatLog.offline(sessionId, new Date(at), reason),
            'agent.state-changed': ({ agentId, at, from, to, reason, callId }, id) =>
              needs.seatLog.stateChanged({ id, agentId, at: new Date(at), from, to, reason, callId }),
          },
          unhurried,
        ),
        await commands.serve({
          'evidence.probe-now': async () => ({ rows: await round() }),
          'evidence.make-pack': async (order) => {
            const { kind, from, to, requestedBy, drawn } = order;
            const job: Job = { jobId: needs.newId(), kind, startedAt: now(), step: 'waiting', done: 0, total: 100, state: 'running' };
            const why = drawn === undefined ? {} : { reason: drawn.reason, after: drawn };
            await needs.audit({ who: requestedBy, what: 'pack.ordered', object: `${kind} ${from}..${to}`, success: true, ...why });
            await jobs.put(job);
            packs = packs.then(() => runJob(job, order));
            return { jobId: job.jobId };
          },
        }),
      );
      probing.begin();
    },
    async stop() {
      probing.end();
      for (const stop of stops.splice(0)) await stop();
    },
    health: async () =>
      lastRound?.ok === false
        ? { ok: false, reason: 'the last evidence job failed' }
        : { ok: true, facts: { lastRoundAt: lastRound?.at ?? null } },
  };
}
