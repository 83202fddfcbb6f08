import { CallCentreError } from '../shared/domain/failure.js';
import { isFiltered, isOfAgents, isOfPlaces, type ReportFilters } from '../shared/domain/figures/filters.js';
import type { ReportInterval, ReportScope } from '../shared/domain/figures/report.js';
import { teamFinder, type TeamSpell } from '../shared/domain/people/team.js';
import { nobody, type MembersOf, type Reach } from '../shared/platform/reach/reach.js';
import { readFacts, type FactReads } from './facts.js';
import { createKept } from './kept.js';
import { siteFinder, type SiteSpell } from './number-sites.js';
import type { StoredSum, SumGrain, SumRevision, SumStore } from './ports.js';
import { createReport, type Report, type ReportSources, type Slot, type Span } from './report.js';
import { cellsOf, READABLE_FROM, RESULTS_FROM, SUMS_VERSION, type SumTexts } from './sums.js';

export const MOST_LINES = 40_000;
/**
 * The size of all cached reports together, in numbers that they contain; see `Report.weight`. A month of a large centre, by half hour and
 * queue, has about 3.5 million, at about 20 bytes each.
 */
const MOST_REMEMBERED_NUMBERS = 6_000_000;
export const MOST_REMEMBERED = 100;
/** A sum may be written this long after its nominal moment. */
const WRITING_MS = 60_000;
/** Intervals that consist of whole days. */
const ofDays: readonly ReportInterval[] = ['day', 'week', 'month', 'whole'];

export interface ReportQuestion {
  readonly span: Span;
  readonly interval: ReportInterval;
  readonly by: ReportScope;
  /** Facts without these attributes are left out. */
  readonly filters?: ReportFilters | undefined;
  readonly reach: Reach;
  /** Whether the states of all agents are counted. */
  readonly withStates: boolean;
  /** The sums as they stood at this moment. Facts that had not been summed up by then are left out. */
  readonly asOf: Date | undefined;
}

export interface MadeReport {
  readonly report: Report;
  readonly sources: ReportSources;
}

export type SitesOf = () => Promise<readonly SiteSpell[]>;

export interface ReportReaderNeeds {
  readonly reads: FactReads;
  readonly sums: Pick<SumStore, 'read' | 'changedSince'>;
  readonly membersOf?: MembersOf;
  /** Which service number was at which site when. */
  readonly sitesOf?: SitesOf;
  readonly zone: string;
  readonly slotsOf: (interval: ReportInterval, zone: string, whole?: Span) => (atMs: number) => Slot;
  readonly now: () => Date;
  readonly mostNumbers?: number;
}

/** The revision of a sum at a moment; undefined when it had not been made. */
function revisionAt(sum: StoredSum, at: Date | undefined): Pick<SumRevision, keyof SumTexts | 'version'> | undefined {
  if (at === undefined || sum.madeAt <= at) return sum;
  return sum.earlier.findLast(({ madeAt }) => madeAt <= at);
}

/** A period without the covered spans, which must be in order. */
export function gapsIn({ fromMs, untilMs }: Span, covered: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let atMs = fromMs;
  for (const span of covered) {
    if (span.fromMs > atMs) gaps.push({ fromMs: atMs, untilMs: span.fromMs });
    atMs = Math.max(atMs, span.untilMs);
  }
  if (atMs < untilMs) gaps.push({ fromMs: atMs, untilMs });
  return gaps;
}

interface Remembered extends MadeReport {
  readonly readAt: Date;
  readonly span: Span;
  readonly weight: number;
}

/** The newest reports that contain no more than so many numbers together. */
function createMemory(mostNumbers: number) {
  const remembered = new Map<string, Remembered>();
  return {
    get: (key: string): Remembered | undefined => remembered.get(key),
    forget: (key: string): void => void remembered.delete(key),
    put(key: string, made: Remembered): void {
      if (made.weight > mostNumbers) return;
      remembered.set(key, made);
      let numbers = [...remembered.values()].reduce((sum, each) => sum + each.weight, 0);
      for (const [oldest, { weight: least }] of remembered) {
        if (numbers <= mostNumbers && remembered.size <= MOST_REMEMBERED) return;
        remembered.delete(oldest);
        numbers -= least;
      }
    },
  };
}

/**
 * Makes reports: closed intervals from their sums, the rest from facts. A report of closed intervals alone is cached until one of them
 * changes.
 */
export function createReportReader({
  reads,
  sums,
  membersOf = nobody,
  sitesOf = async () => [],
  zone,
  slotsOf,
  now,
  mostNumbers = MOST_REMEMBERED_NUMBERS,
}: ReportReaderNeeds) {
  const remembered = createMemory(mostNumbers);
  const dayOf = slotsOf('day', zone);

  /** Whether a sum covers a day of the site. Sums from before a change of the site's zone lie across its days and would count twice. */
  function isOfZone({ grain, startAt, untilAt }: StoredSum): boolean {
    if (grain !== 'day') return true;
    const day = dayOf(startAt.getTime());
    return day.fromMs === startAt.getTime() && day.untilMs === untilAt.getTime();
  }

  /** Adds the sums of a period. Returns the spans that they cover. */
  async function addSums(
    report: Report,
    question: ReportQuestion,
    grain: SumGrain,
    span: Span,
    seen: { sums: number; revised: number; addedLater: number },
  ): Promise<Span[]> {
    const { asOf } = question;
    const text = readsAgents(question) ? 'agents' : readsResults(question) ? 'results' : 'places';
    const covered: Span[] = [];
    for await (const sum of sums.read(grain, span, asOf === undefined ? [text] : [text, 'earlier'])) {
      const isRead = sum.version >= READABLE_FROM && sum.version <= SUMS_VERSION && sum.untilAt.getTime() <= span.untilMs && isOfZone(sum);
      const revision = isRead ? revisionAt(sum, asOf) : undefined;
      if (revision?.[text] === undefined) continue;
      report.addSums(sum.startAt.getTime(), cellsOf({ [text]: revision[text] }, revision.version ?? RESULTS_FROM));
      covered.push({ fromMs: sum.startAt.getTime(), untilMs: sum.untilAt.getTime() });
      seen.sums += 1;
      if (sum.revision > 1) seen.revised += 1;
      seen.addedLater += sum.facts - sum.firstFacts;
      assertFits(report);
    }
    return covered;
  }

  async function make(question: ReportQuestion, teams: readonly TeamSpell[], sites: readonly SiteSpell[]): Promise<MadeReport> {
    const { span, interval, by, filters = {}, withStates, asOf } = question;
    const nowMs = now().getTime();
    const slotOf = slotsOf(interval, zone, span);
    const teamOf = teamFinder(teams);
    const kept = createKept(question, teamOf);
    const report = createReport({
      ...{ slotOf, by, nowMs, teamOf, siteOf: siteFinder(sites), isReached: kept.place, isMember: kept.agent },
      // States belong to no queue: with a filter of places they are left out.
      withStates: withStates && !isOfPlaces(filters),
      byResult: readsResults(question),
      // Each person belongs to one team for the whole of a day.
      ...(kept.isByDay || by === 'team' ? { dayEndOf: (atMs: number) => dayOf(atMs).untilMs } : {}),
    });
    const seen = { sums: 0, revised: 0, addedLater: 0 };
    let gaps: Span[] = [span];
    const grains: readonly SumGrain[] = !servesSums(question) ? [] : ofDays.includes(interval) ? ['day', 'quarter'] : ['quarter'];
    for (const grain of grains) {
      const left: Span[] = [];
      for (const gap of gaps) left.push(...gapsIn(gap, await addSums(report, question, grain, gap, seen)));
      gaps = left;
    }
    if (asOf === undefined)
      for (const gap of gaps)
        await readFacts(reads, { ...gap, nowMs, withResults: readsResults(question) }, report.facts(gap), () => assertFits(report));
    assertFits(report);
    return { report, sources: { ...seen, countedMs: gaps.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0) } };
  }

  return async function read(question: ReportQuestion): Promise<MadeReport> {
    if (question.asOf !== undefined && isFiltered(question.filters ?? {}) && !servesSums(question))
      throw new CallCentreError(
        'invalid-request',
        'Agents within queues, numbers or results are counted from facts: they have no earlier state.',
      );
    // A report as of a moment is rarely requested again.
    const teams = question.by === 'team' || question.filters?.team !== undefined ? await membersOf() : [];
    const sites = question.by === 'site' ? await sitesOf() : [];
    if (question.asOf !== undefined) return make(question, teams, sites);
    const key = JSON.stringify([question, teams, sites]);
    const before = remembered.get(key);
    if (before !== undefined && !(await sums.changedSince(new Date(before.readAt.getTime() - WRITING_MS), before.span))) return before;
    remembered.forget(key);
    const readAt = now();
    const made = await make(question, teams, sites);
    if (made.sources.countedMs === 0) remembered.put(key, { ...made, readAt, span: question.span, weight: made.report.weight });
    return made;
  };
}

type Asked = Pick<ReportQuestion, 'by' | 'reach' | 'filters'>;

/** Whether the sums of agents serve a report, and not those of queues and numbers. */
const readsAgents = ({ by, reach, filters = {} }: Asked): boolean =>
  by === 'agent' || by === 'team' || reach.members !== undefined || isOfAgents(filters);
const readsResults = ({ by, filters }: Asked): boolean => by === 'result' || filters?.result !== undefined;

/**
 * Whether there are sums for a report. An agent's sums cover all queues and numbers: for readers of a part of them, for agents within
 * queues, and for members of a team by queue, facts are counted.
 */
function servesSums(asked: Asked): boolean {
  if (!readsAgents(asked)) return true;
  const { by, reach, filters = {} } = asked;
  if (isOfPlaces(filters) || (by !== 'all' && by !== 'agent' && by !== 'team')) return false;
  return reach.members !== undefined || (reach.queues.length === 0 && reach.numbers === undefined);
}

function assertFits({ size }: Report): void {
  if (size > MOST_LINES)
    throw new CallCentreError('invalid-request', `More than ${String(MOST_LINES)} rows: choose a longer interval or fewer days.`);
}
