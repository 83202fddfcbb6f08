import { zeroFacts, type FactCount } from '../../shared/domain/figures/count.js';
import { numberIn, percentileOf, type Lengths } from '../../shared/domain/figures/lengths.js';
import { dailyFigureOf, type DailyCount } from '../../shared/domain/figures/daily.js';
import { figureOf, type DailyKey, type FigureKey } from '../../shared/domain/figures/registry.js';
import { formulas, type Figure, type FormulaKey, type InReports } from './formulas.js';

const DAY_MS = 86_400_000;

/** Everything that is counted for a month and a group. */
export const zeroCount = () => ({
  inbound: 0,
  answered: 0,
  answered15: 0,
  /** Inbound calls that ended through a fault of ours. */
  failed: 0,
  outbound: 0,
  outboundAnswered: 0,
  /** Outbound calls that reached the far side, and how long that took in total and by tenths of a second, rounded up. */
  reached: 0,
  postDialMs: 0,
  postDialTenths: [] as Lengths,
  /** Inbound calls that an agent answered. */
  handled: 0,
  /** The visits to queues under each of the two thresholds; the second one also has the handlings and the states of agents. */
  within15: zeroFacts(),
  within20: zeroFacts(),
  resolved: 0,
  judged: 0,
  recorded: 0,
  invited: 0,
  valid: 0,
  satisfied: 0,
  scores: 0,
  complaints: 0,
  reopened: 0,
  appeals: 0,
  due: 0,
  inTime: 0,
  closed: 0,
  closedMs: 0,
  proofs: 0,
  proofsOk: 0,
  mosCalls: 0,
  mosSum: 0,
  /** By R, from the best band to the worst: >= 90, >= 80, >= 70, >= 60, below (G.109). */
  mosBands: [0, 0, 0, 0, 0] as [number, number, number, number, number],
  reviews: 0,
  reviewedCalls: new Set<string>(),
  reviewsPassed: 0,
  reviewsCritical: 0,
  attempts: 0,
  attemptsAllowed: 0,
  attemptsWithConsent: 0,
  mostTries: 0,
  /** For a trunk: the most calls at once. */
  peak: 0,
  trunkCalls: 0,
});
export type Count = ReturnType<typeof zeroCount>;

const bands = ['mosVerySatisfied', 'mosSatisfied', 'mosSomeDissatisfied', 'mosManyDissatisfied', 'mosNearlyAllDissatisfied'] as const;

/** The figures of a month and a group; `trunk:` groups have figures of their own. */
export function figuresOf(month: string, group: string, c: Count): Figure[] {
  const figure = (formula: FormulaKey, numerator: number, denominator: number, factor = 1): Figure => ({
    formula,
    version: formulas[formula].version,
    month,
    group,
    numerator,
    denominator,
    ...(denominator === 0 ? {} : { value: (numerator / denominator) * factor }),
  });
  /** A figure that is not a quotient: the denominator says how many it is based on. */
  const itself = (formula: FormulaKey, value: number, of: number): Figure => ({
    ...figure(formula, value, of),
    ...(of === 0 ? {} : { value }),
  });
  const ofRegistry = (formula: FormulaKey, key: FigureKey, facts: FactCount): Figure => {
    const { value, ...parts } = figureOf(key, facts);
    return { ...figure(formula, parts.numerator, parts.denominator), ...(value === null ? {} : { value }) };
  };
  /** Figures of the registry: each formula says which one it is. */
  const ofVisits = (formula: InReports<FigureKey>, facts: FactCount): Figure => ofRegistry(formula, formulas[formula].figure, facts);
  const ofDays = (formula: InReports<DailyKey>, counts: Partial<DailyCount>): Figure => daily(formula, formulas[formula].figure, counts);
  const daily = (formula: FormulaKey, key: DailyKey, counts: Partial<DailyCount>): Figure => {
    const { value, ...parts } = dailyFigureOf(key, counts);
    return { ...figure(formula, parts.numerator, parts.denominator), ...(value === null ? {} : { value }) };
  };
  const left = numberIn(c.within20.waits);
  const ofWaits = (formula: InReports<FigureKey>): Figure =>
    itself(formula, figureOf(formulas[formula].figure, c.within20).numerator, left);
  if (group.startsWith('trunk:')) return [{ ...figure('trunkPeak', c.peak, c.trunkCalls), value: c.peak }];
  const perCall: Figure[] = [
    ofVisits('answerRate', c.within20),
    ofRegistry('serviceLevel15', 'sl.strict', c.within15),
    ofRegistry('serviceLevel20', 'sl.strict', c.within20),
    ...(c.within20.abandonedShort > 0 ? [ofRegistry('serviceLevel20Variant', 'sl.noShort', c.within20)] : []),
    ofVisits('abandonRate', c.within20),
    ofVisits('abandonShort', c.within20),
    ofVisits('averageSpeedOfAnswer', c.within20),
    ofWaits('wait90'),
    ofWaits('longestWait'),
    figure('machineAnswer15', c.answered15, c.answered, 100),
    figure('answerSeizure', c.answered, c.inbound, 100),
    figure('networkEffectiveness', c.inbound - c.failed, c.inbound, 100),
    ...(c.outbound > 0 ? [figure('outboundAnswered', c.outboundAnswered, c.outbound, 100)] : []),
    ...(c.reached > 0
      ? [
          figure('postDialDelay', c.postDialMs / 1_000, c.reached),
          itself('postDialDelay95', percentileOf(0.95, c.postDialTenths) / 10, c.reached),
        ]
      : []),
    ofDays('firstContactResolution', { contactsResolved: c.resolved, contactsJudged: c.judged }),
    daily('recorded', 'recordedIn', { recordedIn: c.recorded, handledIn: c.handled }),
    figure('mosMean', c.mosSum, c.mosCalls),
    figure('mosGood', c.mosBands[0] + c.mosBands[1], c.mosCalls, 100),
    ...bands.map((band, i) => figure(band, c.mosBands[i] ?? 0, c.mosCalls, 100)),
  ];
  const judged: Figure[] = [
    figure('reviewSampling', c.reviewedCalls.size, c.handled, 100),
    figure('reviewPass', c.reviewsPassed, c.reviews, 100),
    figure('reviewCritical', c.reviewsCritical, c.reviews, 100),
    ofDays('satisfaction', { surveysSatisfied: c.satisfied, surveysValid: c.valid }),
    figure('satisfactionMean', c.scores, c.valid),
    ofDays('surveyResponse', { surveysValid: c.valid, surveysInvited: c.invited }),
    figure('surveyInvitation', c.invited, c.handled, 100),
  ];
  if (group !== 'all') return group.startsWith('queue:') ? [...perCall, ...judged] : perCall;
  return [
    ...perCall,
    ...judged,
    ofVisits('averageHandleTime', c.within20),
    ofVisits('occupancy', c.within20),
    ofDays('complaintsPer10000', { complaints: c.complaints, callsOffered: c.inbound }),
    figure('complaintsInTime', c.inTime, c.due, 100),
    figure('complaintsReopened', c.reopened, c.complaints, 100),
    figure('complaintAppeals', c.appeals, c.complaints, 100),
    figure('complaintDays', c.closedMs / DAY_MS, c.closed),
    figure('availability', c.proofsOk, c.proofs, 100),
    figure('outboundBlocked', c.attempts - c.attemptsAllowed, c.attempts, 100),
    figure('outboundConsent', c.attemptsWithConsent, c.attemptsAllowed, 100),
    itself('outboundTries', c.mostTries, c.attemptsAllowed),
  ];
}
