import { parse } from 'csv-parse/sync';
import { expect, test } from '@jest/globals';
import { reportCsv } from '../../../services/figures/adapters/report-csv.js';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import type { FactReads } from '../../../services/figures/facts.js';
import { createReportFiles } from '../../../services/figures/files/report-file.js';
import { exact } from '../../../services/figures/files/report-sheet.js';
import { createFiguresHttp } from '../../../services/figures/http.js';
import { siteSpells } from '../../../services/figures/number-sites.js';
import type { StoredSum, SumStore } from '../../../services/figures/ports.js';
import { createReportReader } from '../../../services/figures/report-reader.js';
import { createSumUp } from '../../../services/figures/sum-up.js';
import { createDayFigures } from '../../../services/routing/waits/day-figures.js';
import { boardLeg } from '../../../services/routing/waits/day-legs.js';
import { scopeRows } from '../../../services/routing/waits/scope-rows.js';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import { boardFiguresOf } from '../../../services/shared/domain/figures/board.js';
import { visitOutcomes } from '../../../services/shared/domain/figures/facts.js';
import { boardFigureKeys } from '../../../services/shared/domain/figures/keys.js';
import { sentOnIn } from '../../../services/shared/domain/figures/hand-over.js';
import { transferIdOf } from '../../../services/routing/waits/day-transfers.js';
import { figureKeys, figureRegistry, type FigureKey } from '../../../services/shared/domain/figures/registry.js';
import { reportIntervals, reportScopes, type ReportScope } from '../../../services/shared/domain/figures/report.js';
import { rowFigureKeys } from '../../../services/shared/domain/figures/scope-rows.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';

const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse('2026-02-01T16:00:00Z');
const DAYS = 100;
const siteDays = createSiteDays(ZONE);
const scope = { queues: [], sites: [], clientUnits: [] };
const principal = { userId: 'u', name: 'u', sessionId: 's', roles: [], scope };
const membersOf = async () => [
  { teamId: 'north', agentId: 'anna', fromMs: 0 },
  { teamId: 'south', agentId: 'bert', fromMs: 0 },
];
const sitesOf = async () => siteSpells([{ number: '4001000', spells: [{ site: 'S1', fromAt: new Date(0) }] }]);
/** Of these a line of a longer interval is not the sum of its parts. */
const isMeasured = (key: FigureKey): boolean => figureRegistry[key].minimum === 0 && figureRegistry[key].unit !== 'count';

/** Always the same numbers for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Visits, calls with legs, transfers and audio, and the states of a day. */
function dayOf(seed: number) {
  const [random, fromMs] = [randomOf(seed), FIRST_MS + seed * DAY_MS];
  const oneOf = <T>(all: readonly T[]): T => all[random(all.length)] as T;
  const made = Array.from({ length: 20 + random(30) }, (_each, place) => {
    const [atMs, waitMs, callId] = [fromMs + random(DAY_MS - 900_000), random(60_000), `c${String(place)}`];
    const agentId = oneOf(['anna', 'bert', 'cleo']);
    const outcome = oneOf([...visitOutcomes, 'answered', 'answered', 'answered'] as const);
    const place_ = { queueId: oneOf(['sales', 'service']), called: oneOf(['4001000', '4002000']), trunkId: oneOf(['t1', 't2']) };
    const unit = place_.called === '4001000' ? { clientUnit: 'unit' } : {};
    const talkMs = 1_000 + random(600_000);
    const part = { agentId, handling: 1, queueId: place_.queueId, kind: 'talk', fromMs: atMs + waitMs, toMs: atMs + waitMs + talkMs };
    const leg = {
      attemptId: `a${callId}`,
      way: 'overflow',
      trunkId: 't2',
      from: place_.called,
      at: new Date(atMs + 100),
      endedAt: new Date(atMs + 9_000),
    };
    const line = {
      leg: 'caller',
      packetsReceived: 1 + random(900),
      packetsLost: random(90),
      packetsSent: 1,
      jitterMs: random(200) / 7,
      roundTripMs: random(500),
    };
    const isAnswered = outcome === 'answered';
    return {
      visit: {
        ...{ _id: `${callId}-1`, callId, ...place_, ...unit, enteredAt: new Date(atMs), outcome, waitMs, thresholdMs: 20_000 },
        ...{ direction: 'inbound', class: 'service', returned: false, notedAt: new Date(atMs), leftAt: new Date(atMs + waitMs) },
        ...(isAnswered ? { agentId, ...(random(2) === 0 ? { result: oneOf(['sold', 'sold/later']) } : {}) } : {}),
      },
      call: {
        ...{
          _id: callId,
          ...place_,
          direction: 'inbound',
          class: 'service',
          invitedAt: new Date(atMs - random(5_000) * 0),
          agentIds: [agentId],
        },
        ...{
          answeredAt: new Date(atMs),
          ...(random(3) === 0 ? {} : { noticeEndedAt: new Date(atMs) }),
          segments: isAnswered ? [part] : [],
        },
        ...{
          dialled: random(3) === 0 ? [{ ...leg, ...(random(2) === 0 ? { ringingAt: new Date(atMs + 1_300) } : { failure: 'busy' }) }] : [],
        },
        ...{ media: random(4) === 0 ? [] : [line] },
        history: isAnswered && random(3) === 0 ? [{ atMs: part.toMs, what: 'transferred', agentId, detail: 'queue' }] : [],
      },
      states: isAnswered
        ? [
            { _id: `${callId}-t`, agentId, at: new Date(part.fromMs), untilAt: new Date(part.toMs), state: 'on-call', callId },
            {
              _id: `${callId}-w`,
              agentId,
              at: new Date(part.toMs),
              untilAt: new Date(part.toMs + random(90_000)),
              state: 'wrap-up',
              callId,
            },
          ]
        : [],
    };
  });
  return {
    fromMs,
    visits: made.map(({ visit }) => visit),
    calls: made.map(({ call }) => call),
    states: made.flatMap(({ states }) => states),
  };
}
type Day = ReturnType<typeof dayOf>;

/** The rows of a day as the store would give them. */
function readsOf({ visits, calls, states }: Day): FactReads {
  const within = (at: Date, range: { $gte?: Date; $lt?: Date; $gt?: Date; $lte?: Date } = {}): boolean =>
    (range.$gte === undefined || at >= range.$gte) &&
    (range.$lt === undefined || at < range.$lt) &&
    (range.$gt === undefined || at > range.$gt) &&
    (range.$lte === undefined || at <= range.$lte);
  const inTime = visits.toSorted((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime());
  const resultOf = new Map(visits.map(({ callId, result }) => [callId, result]));
  const chosen = (ids: readonly string[]): object[] =>
    ids.flatMap((callId) => {
      const result = resultOf.get(callId);
      return result === undefined ? [] : [{ callId, disposition: result.split('/'), completedAt: new Date(0).toISOString() }];
    });
  return {
    accounts: { find: async () => ['anna', 'bert', 'cleo'].map((_id) => ({ _id, displayName: _id })) },
    agentStates: {
      async *batches(filter: { agentId: { $in: string[] }; untilAt: object }) {
        yield states.filter(({ agentId, untilAt }) => filter.agentId.$in.includes(agentId) && within(untilAt, filter.untilAt));
      },
      find: async () => [],
    },
    visits: {
      async *batches(filter: { enteredAt: object }) {
        yield inTime.filter(({ enteredAt }) => within(enteredAt, filter.enteredAt));
      },
      find: async (filter: { notedAt?: object }) => (filter.notedAt === undefined ? inTime.slice(0, 1) : []),
    },
    calls: {
      async *batches(filter: { invitedAt: object }) {
        yield calls.filter(({ invitedAt }) => within(invitedAt, filter.invitedAt)).map(({ history: _history, ...call }) => call);
      },
      find: async ({ _id }: { _id: { $in: string[] } }) => calls.filter((call) => _id.$in.includes(call._id) && call.history.length > 0),
    },
    contacts: { find: async ({ callId }: { callId: { $in: string[] } }) => chosen(callId.$in) },
    serviceNumbers: { find: async () => [{ _id: '4001000', clientUnit: 'unit' }, { _id: '4002000' }] },
    queues: { find: async () => [] },
  } as unknown as FactReads;
}

/** The sums in memory. */
function sumsInMemory(): SumStore {
  const kept = new Map<string, StoredSum>();
  return {
    add: async (sum) => void kept.set(sum.id, sum),
    revise: async (sum) => void kept.set(sum.id, sum),
    async *read(grain, { fromMs, untilMs }) {
      const found = [...kept.values()].filter(
        (sum) => sum.grain === grain && sum.startAt.getTime() >= fromMs && sum.startAt.getTime() < untilMs,
      );
      yield* found.sort((a, b) => a.startAt.getTime() - b.startAt.getTime());
    },
    changedSince: async () => false,
    removeBefore: async () => 0,
  };
}

/** What people ask of a day, from its facts or from its sums: the API and the file of a report. */
async function centreOf(day: Day, isSummedUp: boolean) {
  const [reads, sums] = [readsOf(day), sumsInMemory()];
  const now = (): Date => new Date(day.fromMs + 2 * DAY_MS);
  if (isSummedUp)
    await createSumUp({ reads: reads, sums, dayOf: createSlots('day', ZONE), now }).sumDay({
      fromMs: day.fromMs,
      untilMs: day.fromMs + DAY_MS,
    });
  const readReport = createReportReader({ reads, sums, membersOf, sitesOf, zone: ZONE, slotsOf: createSlots, now });
  const withDaily = async <T extends object>(lines: T) => ({ ...lines, notes: [] });
  const needs = { reads: reads as never, readReport, withDaily: withDaily as never, days: siteDays, now };
  const makeFile = createReportFiles({
    ...needs,
    headingOf: async () => ({ company: 'c', licence: 'l' }),
    render: async (sheet) => ({ bytes: reportCsv(sheet), sha256: '' }),
  });
  const [route] = createFiguresHttp({
    ...{ ...needs, makeFile, membersOf, sitesOf, checks: { of: async () => undefined }, audit: async () => undefined },
    reachOf: async () => WHOLE_CENTRE,
  });
  const date = siteDays.timeText(day.fromMs).slice(0, 10);
  const api = async (by: ReportScope, interval: string): Promise<FigureReport> => {
    const query = route?.query?.parse({ from: date, to: date, by, interval });
    return JSON.parse(JSON.stringify(await route?.handle({ principal, query, params: {}, body: {} } as never))) as FigureReport;
  };
  const file = async (by: ReportScope): Promise<string[][]> => {
    const asker = { name: 'u', scope, reach: WHOLE_CENTRE, withStates: true };
    const { bytes } = await makeFile(
      { from: date, to: date, interval: 'whole', by, figures: figureKeys, form: 'csv', language: 'en' },
      asker,
    );
    return parse(Buffer.from(bytes).toString('utf8'), { bom: true, from_line: 2 });
  };
  return { api, file };
}

/** The board of the day, by the scopes of its rows. */
async function boardOf(day: Day) {
  const figures = createDayFigures();
  figures.inTeams(await membersOf());
  figures.turnTo(day.fromMs);
  for (const { _id, enteredAt, ...visit } of day.visits) figures.saw({ ...visit, visitId: _id, enteredAtMs: enteredAt.getTime() });
  for (const { _id, called, trunkId, direction, segments, history } of day.calls)
    if (direction === 'inbound')
      for (const { place, first } of sentOnIn({ segments, history }))
        figures.sawTransfer({
          ...{ transferId: transferIdOf(_id, place), atMs: first.fromMs, agentId: first.agentId, queueId: first.queueId },
          ...{ called, trunkId },
        });
  for (const { dialled } of day.calls)
    for (const { at, ...leg } of dialled) {
      const told = JSON.parse(JSON.stringify({ ...leg, at })) as Parameters<typeof boardLeg>[0];
      figures.sawLeg(boardLeg(told));
    }
  return figures;
}

const inReports = { number: 'number', trunk: 'trunk', 'client-unit': 'client', team: 'team', agent: 'agent' } as const;

test('over 100 random days a figure is the same number by every interval, in the file, from sums, and on the board of queues, numbers, trunks, client units, teams and agents', async () => {
  let compared = 0;
  for (let seed = 0; seed < DAYS; seed += 1) {
    const day = dayOf(seed);
    const [facts, summed] = [await centreOf(day, false), await centreOf(day, true)];
    const whole = new Map<ReportScope, FigureReport>();
    for (const by of reportScopes) {
      const report = await facts.api(by, 'whole');
      whole.set(by, report);
      const fromSums = await summed.api(by, 'whole');
      expect([seed, by, fromSums.sources.countedMs]).toEqual([seed, by, 0]);
      expect([seed, by, fromSums.rows, fromSums.total]).toEqual([seed, by, report.rows, report.total]);
      // Every interval, each on every second day.
      for (const interval of reportIntervals.filter((_each, place) => (place + seed) % 2 === 0)) {
        const { rows } = await facts.api(by, interval);
        for (const { scope: id, figures } of report.rows)
          for (const key of figureKeys) {
            const parts = rows.filter((row) => row.scope === id).map((row) => row.figures[key]);
            if (figures[key] === undefined || (isMeasured(key) && parts.length > 1)) continue;
            compared += 1;
            const sum = (part: 'numerator' | 'denominator'): number => parts.reduce((all, each) => all + (each?.[part] ?? 0), 0);
            const isNear = Math.abs(sum('numerator') - figures[key].numerator) < 1e-6;
            const isCount = figureRegistry[key].unit === 'count';
            if (!isNear || (!isCount && Math.abs(sum('denominator') - figures[key].denominator) > 1e-6))
              throw new Error(`${key} of ${id} by ${by} and ${interval} differs on day ${String(seed)}`);
          }
      }
      const lines = await facts.file(by);
      const cells = [...report.rows, report.total].map(({ figures }) =>
        figureKeys.flatMap((key) => {
          const { value = null, numerator = null, denominator = null } = figures[key] ?? {};
          const cell = (number: number | null): string => String(exact(number) ?? '');
          return figureRegistry[key].unit === 'count' ? [cell(value)] : [cell(value), cell(numerator), cell(denominator)];
        }),
      );
      expect([seed, by, lines.map((line) => line.slice(by === 'all' ? 1 : 2))]).toEqual([seed, by, cells.slice(0, lines.length)]);
      expect(lines.length).toBe(report.rows.length);
      compared += cells.flat().length;
    }
    const [board, nowMs] = [await boardOf(day), day.fromMs + DAY_MS - 1];
    for (const { scope: id, figures } of whole.get('queue')?.rows ?? [])
      for (const key of boardFigureKeys) {
        compared += 1;
        expect([seed, id, key, boardFiguresOf(board.of(id, nowMs).today)[key]]).toEqual([seed, id, key, figures[key]]);
      }
    for (const [of, by] of Object.entries(inReports) as [keyof typeof inReports, (typeof inReports)[keyof typeof inReports]][]) {
      const rows = scopeRows({ figures: board, desk: { agents: () => [] }, teams: [] }, of, nowMs);
      for (const { id, today } of rows)
        for (const key of rowFigureKeys(of)) {
          compared += 1;
          const figure = whole.get(by)?.rows.find((row) => row.scope === id)?.figures[key];
          expect([seed, of, id, key, today[key]]).toEqual([seed, of, id, key, figure]);
        }
    }
  }
  expect(compared).toBeGreaterThan(100_000);
}, 600_000);
