import {
  ADHERENCE_TOLERANCE_MS,
  adherenceFigure,
  conformanceFigure,
  shrinkageFigure,
  type shiftFigures,
  type ShiftFault,
  type ShiftGap,
} from '../../shared/domain/figures/adherence.js';
import { valueOf, type FigureValue } from '../../shared/domain/figures/define.js';
import type { AgentId } from '../../shared/domain/ids.js';
import { rights } from '../../shared/domain/people/rights.js';
import { addDays } from '../../shared/domain/time/calendar-date.js';
import type { Reads } from '../../shared/records/reads.js';
import { statesOf } from '../facts.js';
import type { ReportedState } from '../fold.js';
import type { Span } from '../report.js';

/** A shift of the register, of a known account and with times that exist. One that ends before it begins ends on the next day. */
export interface Shift extends Span {
  readonly shiftId: string;
  readonly agentId: AgentId;
  readonly date: string;
}

export interface Gap extends Span {
  readonly kind: ShiftGap;
  /** Longer than the tolerance. */
  readonly counts: boolean;
}

/** The times of one or several days, in ms. */
export interface AdherenceSums {
  readonly plannedMs: number;
  /** Signed in during a shift. */
  readonly presentMs: number;
  /** On break or away during a shift; part of `presentMs`. */
  readonly pausedMs: number;
  /** At work (ready, ringing, in a call, wrap-up) during a shift, and on the whole day. */
  readonly workedInShiftMs: number;
  readonly workedMs: number;
  /** Gaps that count, by where they are. `absentMs`: between two sign-ins, or the whole shift. */
  readonly lateMs: number;
  readonly earlyMs: number;
  readonly absentMs: number;
  /** Signed in on that day outside all shifts. */
  readonly unplannedMs: number;
}

export type ShiftFigures = Readonly<Record<keyof typeof shiftFigures, FigureValue>>;

export interface AdherenceDay extends AdherenceSums, ShiftFigures {
  readonly date: string;
  readonly agentId: AgentId;
  readonly shifts: readonly Shift[];
  readonly gaps: readonly Gap[];
}

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);

/** The same time as spans that neither overlap nor touch, in order. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last === undefined || span.fromMs > last.untilMs) result.push({ fromMs: span.fromMs, untilMs: span.untilMs });
    else result[result.length - 1] = { ...last, untilMs: Math.max(last.untilMs, span.untilMs) };
  }
  return result;
}

const cut = (spans: readonly Span[], { fromMs, untilMs }: Span): Span[] =>
  spans.flatMap((span) => {
    const part = { fromMs: Math.max(span.fromMs, fromMs), untilMs: Math.min(span.untilMs, untilMs) };
    return part.fromMs < part.untilMs ? [part] : [];
  });

/** The time of `spans` outside `others`; both joined. */
function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const left: Span[] = [];
    let atMs = span.fromMs;
    for (const other of cut(others, span)) {
      if (other.fromMs > atMs) left.push({ fromMs: atMs, untilMs: other.fromMs });
      atMs = other.untilMs;
    }
    if (atMs < span.untilMs) left.push({ fromMs: atMs, untilMs: span.untilMs });
    return left;
  });
}

/** The gaps within one planned time. While it is in progress, a gap at its end is no early leave. */
function gapsOf(planned: Span, present: readonly Span[], isOver: boolean): Gap[] {
  return without([planned], present).map((gap) => {
    const [atStart, atEnd] = [gap.fromMs === planned.fromMs, gap.untilMs === planned.untilMs];
    const kind: ShiftGap = atStart && atEnd ? 'whole' : atStart ? 'late' : atEnd && isOver ? 'early' : 'between';
    return { ...gap, kind, counts: gap.untilMs - gap.fromMs > ADHERENCE_TOLERANCE_MS };
  });
}

const isPause = (state: string): boolean => state === 'break' || state === 'away';

/** One day of one agent. `states` and `shifts` are all of the agent's; a shift belongs to the day on which it begins. */
export function adherenceOf(
  day: Span & { readonly date: string },
  agentId: AgentId,
  { states, shifts, nowMs }: { readonly states: readonly ReportedState[]; readonly shifts: readonly Shift[]; readonly nowMs: number },
): AdherenceDay {
  const spanOf = ({ at, untilAt }: ReportedState): Span => ({
    fromMs: at.getTime(),
    untilMs: Math.min(untilAt?.getTime() ?? nowMs, nowMs),
  });
  const signedIn = states.filter(({ state }) => state !== 'signed-out');
  const present = joined(signedIn.map(spanOf));
  const paused = joined(signedIn.filter(({ state }) => isPause(state)).map(spanOf));
  const own = shifts.filter(({ date, fromMs }) => date === day.date && fromMs < nowMs);
  // Two rows of the register that overlap plan the same time once.
  const whole = joined(own);
  const planned = cut(whole, { fromMs: 0, untilMs: nowMs });
  const gaps = planned.flatMap((span, place) => gapsOf(span, present, (whole[place]?.untilMs ?? 0) <= nowMs));
  const counted = (...kinds: readonly ShiftGap[]): number => lengthOf(gaps.filter(({ kind, counts }) => counts && kinds.includes(kind)));
  const within = (spans: readonly Span[]): number => planned.reduce((sum, span) => sum + lengthOf(cut(spans, span)), 0);
  const atWork = joined(signedIn.filter(({ state }) => !isPause(state)).map(spanOf));
  const workedInShiftMs = within(atWork);
  const sums = {
    plannedMs: lengthOf(planned),
    presentMs: within(present),
    pausedMs: within(paused),
    workedInShiftMs,
    workedMs: workedInShiftMs + lengthOf(without(cut(atWork, day), joined(shifts))),
    ...{ lateMs: counted('late'), earlyMs: counted('early'), absentMs: counted('between', 'whole') },
    unplannedMs: lengthOf(without(cut(present, day), joined(shifts))),
  };
  return { date: day.date, agentId, ...sums, ...figuresFrom(sums), shifts: own, gaps };
}

const figuresFrom = (sums: AdherenceSums): ShiftFigures => ({
  adherence: valueOf(adherenceFigure, { plannedMs: sums.plannedMs, deviationMs: sums.lateMs + sums.earlyMs + sums.absentMs }),
  conformance: valueOf(conformanceFigure, sums),
  shrinkage: valueOf(shrinkageFigure, sums),
});

/** The sums of several days, and the figures computed from them. */
export function adherenceTotal(days: readonly AdherenceSums[]): AdherenceSums & ShiftFigures {
  const sumOf = (key: keyof AdherenceSums): number => days.reduce((sum, day) => sum + day[key], 0);
  const sums = {
    ...{ plannedMs: sumOf('plannedMs'), presentMs: sumOf('presentMs'), pausedMs: sumOf('pausedMs') },
    ...{ workedInShiftMs: sumOf('workedInShiftMs'), workedMs: sumOf('workedMs') },
    ...{ lateMs: sumOf('lateMs'), earlyMs: sumOf('earlyMs'), absentMs: sumOf('absentMs'), unplannedMs: sumOf('unplannedMs') },
  };
  // Whoever worked on a day without a shift kept to none, and broke none.
  const workedMs = days.reduce((sum, day) => sum + (day.plannedMs > 0 ? day.workedMs : 0), 0);
  return { ...sums, ...figuresFrom(sums), conformance: valueOf(conformanceFigure, { ...sums, workedMs }) };
}

export interface AdherenceList {
  /** By day, then by name. Days without a shift that has begun and without a sign-in have no row. */
  readonly days: readonly AdherenceDay[];
  /** Rows of the register that cannot be judged. */
  readonly faults: readonly { readonly shiftId: string; readonly why: ShiftFault }[];
}

export interface AdherenceQuestion {
  readonly dates: readonly string[];
  readonly nowMs: number;
  readonly dayOf: (date: string) => Span;
  /** A time of the site's clock; undefined when it does not exist. */
  readonly momentOf: (date: string, time: string) => number | undefined;
  readonly sees: (agentId: AgentId, atMs: number) => boolean;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The shifts of these days, with the rows that cannot be read. Shifts of the day before may reach into the first day. */
async function readShifts(
  reads: Pick<Reads, 'registerEntries'>,
  accountOf: (named: string) => AgentId | undefined,
  { dates, momentOf }: Pick<AdherenceQuestion, 'dates' | 'momentOf'>,
): Promise<{ readonly shifts: readonly Shift[]; readonly faults: AdherenceList['faults'] }> {
  const first = addDays(dates[0] ?? '', -1);
  const rows = await reads.registerEntries.find(
    { register: 'shifts', 'values.on': { $gte: first, $lte: dates.at(-1) ?? '' } },
    { fields: ['key', 'values'], sort: { key: 1 } },
  );
  const [shifts, faults]: [Shift[], { shiftId: string; why: ShiftFault }[]] = [[], []];
  for (const { key: shiftId, values } of rows) {
    const [account = '', date = '', from = '', until = ''] = ['account', 'on', 'from', 'until'].map((name) => textOf(values[name]));
    const agentId = accountOf(account);
    const [fromMs, untilMs] = [momentOf(date, from), momentOf(until <= from ? addDays(date, 1) : date, until)];
    const why = agentId === undefined ? 'account' : 'time';
    if (agentId !== undefined && fromMs !== undefined && untilMs !== undefined && untilMs > fromMs)
      shifts.push({ shiftId, agentId, date, fromMs, untilMs });
    else if (dates.includes(date)) faults.push({ shiftId, why });
  }
  return { shifts, faults };
}

const byAgent = <T extends { readonly agentId: AgentId }>(all: readonly T[]): ReadonlyMap<AgentId, readonly T[]> => {
  const found = new Map<AgentId, T[]>();
  for (const each of all) {
    const known = found.get(each.agentId);
    if (known === undefined) found.set(each.agentId, [each]);
    else known.push(each);
  }
  return found;
};

const kindOf = ({ state }: ReportedState): 'out' | 'paused' | 'present' =>
  state === 'signed-out' ? 'out' : isPause(state) ? 'paused' : 'present';

/** Joins states of one kind that follow each other: a month of an agent is a few spans a day, however many calls there were. */
function lengthen(byAgentId: Map<AgentId, ReportedState[]>, state: ReportedState): void {
  const known = byAgentId.get(state.agentId) ?? [];
  const last = known.at(-1);
  if (last?.untilAt?.getTime() === state.at.getTime() && kindOf(last) === kindOf(state))
    known[known.length - 1] = { ...last, untilAt: state.untilAt };
  else known.push(state);
  byAgentId.set(state.agentId, known);
}

const mayHaveSeat = (role: string): boolean => (rights['seat.use'] as readonly string[]).includes(role);

/** How agents kept to the shifts of these days, as the register has them now. Shifts of people who have no seat are not judged. */
export async function readAdherence(
  reads: Pick<Reads, 'accounts' | 'agentStates' | 'registerEntries'>,
  question: AdherenceQuestion,
): Promise<AdherenceList> {
  const { dates, nowMs, dayOf, sees } = question;
  const accounts = await reads.accounts.find({}, { fields: ['name', 'displayName', 'roles'] });
  const idOf = new Map<string, AgentId>(accounts.flatMap(({ _id, name }) => [[_id, _id] as const, [name, _id] as const]));
  const { shifts, faults } = await readShifts(reads, (named) => idOf.get(named), question);
  const [first, last] = [dayOf(dates[0] ?? ''), dayOf(dates.at(-1) ?? '')];
  const untilMs = Math.max(last.untilMs, ...shifts.map((shift) => shift.untilMs));
  const statesBy = new Map<AgentId, ReportedState[]>();
  for await (const batch of statesOf(reads, { fromMs: first.fromMs, untilMs, nowMs }))
    for (const state of batch) if (state.at.getTime() < untilMs) lengthen(statesBy, state);
  const shiftsBy = byAgent(shifts);
  const nameOf = new Map(accounts.map(({ _id, displayName }) => [_id, displayName]));
  const agents = accounts
    .filter(({ _id, roles }) => statesBy.has(_id) || (shiftsBy.has(_id) && roles.some(mayHaveSeat)))
    .map(({ _id }): AgentId => _id)
    .sort((a, b) => (nameOf.get(a) ?? a).localeCompare(nameOf.get(b) ?? b, 'zh-CN'));
  const days = dates.flatMap((date) => {
    const day = { date, ...dayOf(date) };
    return agents.flatMap((agentId) => {
      if (!sees(agentId, day.fromMs)) return [];
      const one = adherenceOf(day, agentId, { states: statesBy.get(agentId) ?? [], shifts: shiftsBy.get(agentId) ?? [], nowMs });
      return one.plannedMs > 0 || one.unplannedMs > 0 ? [one] : [];
    });
  });
  return { days, faults };
}
