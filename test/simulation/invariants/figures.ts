import { visitsOf } from '../../../services/evidence/adapters/fact-rows.js';
import { createTally } from '../../../services/evidence/quality/tally.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import { createFold, type FactSink } from '../../../services/figures/fold.js';
import { createReport } from '../../../services/figures/report.js';
import { cellsOf, createQuarterSums, QUARTER_MS, textsOf } from '../../../services/figures/sums.js';
import { scopeRows } from '../../../services/routing/waits/scope-rows.js';
import { rowFigureKeys } from '../../../services/shared/domain/figures/scope-rows.js';
import { isOfService } from '../../../services/shared/domain/figures/facts.js';
import { boardFiguresOf } from '../../../services/shared/domain/figures/board.js';
import { countVisit, zeroFacts } from '../../../services/shared/domain/figures/count.js';
import { boardFigureKeys } from '../../../services/shared/domain/figures/keys.js';
import { figureOf, shownFigure } from '../../../services/shared/domain/figures/registry.js';
import type { StoredVisit } from '../../../services/shared/records/visit.js';
import { SIM_ZONE_OFFSET_MS } from '../site.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
/** Rows of the board by the scopes of reports. */
const inReports = { number: 'number', trunk: 'trunk', 'client-unit': 'client', agent: 'agent' } as const;
const intervals = ['15', '60', 'day', 'month'] as const;

/** Formulas of a pack that are figures of the registry, by the records of calls and by the rows of visits. */
const inPacks = { answerRate: 'answerRate', abandonRate: 'abandonRate', averageSpeedOfAnswer: 'asa' } as const;

/** The wallboard, which hears of events, and the reports, which read rows, give the same figures of the same day. */
export function figuresInvariant(world: World): Invariant {
  const name = 'one-figure';

  /** Compares what a pack makes of the records of all calls with what the reports make of all visits. */
  function judgePack(): void {
    const tally = createTally({ monthOf: () => 'month', untilMs: world.scheduler.nowMs });
    for (const record of world.stores.records.values()) {
      const { callId, direction, called, trunkId, cause, talks } = record;
      const [invitedAtMs, endedAtMs] = [record.invitedAt.getTime(), record.endedAt.getTime()];
      const nothing = { queueId: '', agentId: '', callerKey: '', releasedBy: '', talkMs: 0, holdMs: 0 };
      const visits = JSON.stringify(visitsOf({ ...record, cause }));
      tally.addCall({
        ...nothing,
        callId,
        direction,
        invitedAtMs,
        endedAtMs,
        called,
        trunkId,
        cause,
        class: record.class,
        handlings: talks.length,
        visits,
      });
    }
    const figures = tally.figures();
    for (const queueId of world.stores.queues.keys()) {
      const facts = zeroFacts();
      for (const visit of world.stores.visits.values()) if (visit.queueId === queueId && isOfService(visit)) countVisit(facts, visit);
      for (const [formula, key] of Object.entries(inPacks) as [keyof typeof inPacks, (typeof inPacks)[keyof typeof inPacks]][]) {
        const inPack = figures.find((figure) => figure.formula === formula && figure.group === `queue:${queueId}`);
        const { numerator, denominator } = figureOf(key, facts);
        if ((inPack?.numerator ?? 0) !== numerator || (inPack?.denominator ?? 0) !== denominator)
          world.fail(
            name,
            `${key} of ${queueId} is ${numerator} / ${denominator} in the reports and ${inPack?.numerator} / ${inPack?.denominator} in a pack`,
          );
      }
    }
  }

  /** Compares the sums of closed quarters up to some moment, together with the facts after it, with the facts alone. */
  function judgeSums(): void {
    const { nowMs } = world.scheduler;
    const records = [...world.stores.records.values()].filter((each) => each.class === 'service');
    const visits = [...world.stores.visits.values()].filter(isOfService);
    const startMs = Math.floor(Math.min(nowMs, ...visits.map(({ enteredAt }) => enteredAt.getTime())) / QUARTER_MS) * QUARTER_MS;
    const closedMs = startMs + Math.ceil((nowMs - startMs) / 2 / QUARTER_MS) * QUARTER_MS;
    const span = { fromMs: startMs, untilMs: Math.max(nowMs, closedMs) + DAY_MS };
    const give = (sink: FactSink): void => {
      for (const visit of visits) sink.addVisit(visit);
      for (const { callId, ...record } of records) sink.addCall({ _id: callId, ...record }, undefined);
    };
    const quarters = createQuarterSums();
    give(createFold({ fromMs: startMs, untilMs: closedMs, nowMs, counting: quarters.counting }));
    for (const by of ['all', 'queue', 'agent', 'result'] as const) {
      const [summed, counted] = [1, 2].map(() => createReport({ slotOf: createSlots('60', ZONE, span), by, nowMs, withStates: false }));
      if (summed === undefined || counted === undefined) return;
      give(counted.facts(span));
      for (let atMs = startMs; atMs < closedMs; atMs += QUARTER_MS) summed.addSums(atMs, cellsOf(textsOf(quarters.cellsOf(atMs))));
      give(summed.facts({ fromMs: closedMs, untilMs: span.untilMs }));
      if (JSON.stringify(summed.lines()) !== JSON.stringify(counted.lines()))
        world.fail(name, `the sums by ${by} are not what the facts are`);
    }
  }

  /** Compares the handlings that the reports say were sent on with the transfers in the histories of the calls, counted on their own. */
  function judgeTransfers(): void {
    const records = [...world.stores.records.values()].filter((each) => each.class === 'service' && each.direction === 'inbound');
    const fromMs = Math.min(world.scheduler.nowMs, ...records.map(({ invitedAt }) => invitedAt.getTime()));
    const span = { fromMs, untilMs: world.scheduler.nowMs + DAY_MS };
    const report = createReport({ slotOf: createSlots('whole', ZONE, span), by: 'all', nowMs: world.scheduler.nowMs, withStates: false });
    const facts = report.facts(span);
    let inHistories = 0;
    for (const { callId, ...record } of records) {
      facts.addCall({ _id: callId, ...record }, undefined);
      for (const { what, agentId, detail } of record.history)
        if (what === 'transferred' && agentId !== undefined && detail !== 'take-over') inHistories += 1;
    }
    const { numerator } = report.lines().total.figures.transfers;
    if (numerator !== inHistories)
      world.fail(name, `the reports have ${numerator} handlings sent on, the histories of calls ${inHistories}`);
  }

  /** Compares the board's rows of numbers, trunks, client units and agents with those of a report of the day. */
  function judgeRows(visits: readonly StoredVisit[], time: { readonly fromMs: number; readonly untilMs: number }): void {
    const { nowMs } = world.scheduler;
    const { figures } = world.routing;
    for (const [of, by] of Object.entries(inReports) as [keyof typeof inReports, (typeof inReports)[keyof typeof inReports]][]) {
      const report = createReport({ slotOf: createSlots('day', ZONE, time), by, nowMs, withStates: false });
      const facts = report.facts(time);
      for (const visit of visits) facts.addVisit(visit);
      const unitOf = new Map(visits.map(({ called, clientUnit }) => [called, clientUnit]));
      for (const { callId, ...record } of world.stores.records.values())
        if (record.class === 'service') facts.addCall({ _id: callId, ...record }, unitOf.get(record.called));
      const lines = report
        .lines()
        .rows.filter(
          ({ scope, figures: { entered, legs } }) => scope !== '' && (entered.value ?? 0) + (of === 'trunk' ? (legs.value ?? 0) : 0) > 0,
        );
      const rows = scopeRows({ figures, desk: { agents: () => [] }, teams: [] }, of, nowMs).filter(
        ({ today }) => (today[of === 'agent' ? 'answered' : 'entered']?.value ?? 0) + (today.legs?.value ?? 0) > 0,
      );
      const shown = (texts: readonly string[]): string => [...texts].sort().join(' ');
      if (shown(rows.map(({ id }) => id)) !== shown(lines.map(({ scope }) => scope)))
        world.fail(
          name,
          `the board has the rows ${shown(rows.map(({ id }) => id))} by ${of}, a report ${shown(lines.map(({ scope }) => scope))}`,
        );
      for (const { id, today } of rows)
        for (const key of rowFigureKeys(of))
          if (JSON.stringify(today[key]) !== JSON.stringify(lines.find(({ scope }) => scope === id)?.figures[key]))
            world.fail(name, `${key} of ${of} ${id} differs between the board and the report of the day`);
    }
  }

  return {
    name,
    sentence:
      'docs/adr/0041-one-registry-everywhere.md: the same figure of the same queue and time is the same number wherever it is shown.',
    end() {
      judgePack();
      judgeSums();
      judgeTransfers();
      const { nowMs } = world.scheduler;
      const localMs = nowMs + SIM_ZONE_OFFSET_MS;
      const midnightMs = localMs - (localMs % DAY_MS) - SIM_ZONE_OFFSET_MS;
      const time = { fromMs: midnightMs, untilMs: midnightMs + DAY_MS };
      const visits = [...world.stores.visits.values()].filter(isOfService);
      judgeRows(visits, time);
      for (const queueId of world.stores.queues.keys()) {
        const board = boardFiguresOf(world.routing.figures.of(queueId, nowMs).today);
        for (const interval of intervals) {
          const report = createReport({ slotOf: createSlots(interval, ZONE, time), by: 'queue', nowMs, withStates: false });
          const facts = report.facts(time);
          for (const visit of visits) if (visit.queueId === queueId) facts.addVisit(visit);
          const { total } = report.lines();
          for (const key of boardFigureKeys)
            if (JSON.stringify(total.figures[key]) !== JSON.stringify(board[key]))
              world.fail(
                name,
                `${key} of ${queueId} is ${shownFigure(key, board[key])} on the wallboard and ${shownFigure(key, total.figures[key])} by ${interval}`,
              );
        }
      }
    },
  };
}
