import type { CallRow, ComplaintRow, ProofRow, RecordingRow, StateRow, SurveyRow } from './call-row.js';
import { FCR_WINDOW_DAYS, SHORT_ABANDON_MS, formulas, type Figure, type FormulaKey } from './formulas.js';
import { mosCqe, oneWayDelayMs } from './mos.js';

const DAY_MS = 86_400_000;
const ABANDONED = new Set(['abandoned-in-queue', 'abandoned-ringing']);

interface Count {
  inbound: number;
  answered: number;
  answered15: number;
  queued: number;
  handled: number;
  within15: number;
  within20: number;
  abandoned: number;
  shortAbandoned: number;
  waitMs: number;
  longestMs: number;
  handledMs: number;
  wrapUpMs: number;
  availableMs: number;
  waits: Map<number, number>;
  resolved: number;
  judged: number;
  recorded: number;
  invited: number;
  valid: number;
  satisfied: number;
  scores: number;
  complaints: number;
  due: number;
  inTime: number;
  closed: number;
  closedMs: number;
  proofs: number;
  proofsOk: number;
  mosCalls: number;
  mosSum: number;
  mosGood: number;
}

const zero = (): Count => ({
  inbound: 0,
  answered: 0,
  answered15: 0,
  queued: 0,
  handled: 0,
  within15: 0,
  within20: 0,
  abandoned: 0,
  shortAbandoned: 0,
  waitMs: 0,
  longestMs: 0,
  handledMs: 0,
  wrapUpMs: 0,
  availableMs: 0,
  waits: new Map(),
  resolved: 0,
  judged: 0,
  recorded: 0,
  invited: 0,
  valid: 0,
  satisfied: 0,
  scores: 0,
  complaints: 0,
  due: 0,
  inTime: 0,
  closed: 0,
  closedMs: 0,
  proofs: 0,
  proofsOk: 0,
  mosCalls: 0,
  mosSum: 0,
  mosGood: 0,
});

export interface TallyOptions {
  /** `2026-10` of a moment, in the site's zone. */
  readonly monthOf: (atMs: number) => string;
  /** The end of the rows: what is less than the window before it cannot be judged for FCR, nor a complaint that is not due yet. */
  readonly untilMs: number;
}

export interface Tally {
  /** In order of `invitedAtMs`. */
  addCall(row: CallRow): void;
  addRecording(row: RecordingRow): void;
  addSurvey(row: SurveyRow): void;
  addComplaint(row: ComplaintRow): void;
  addProof(row: ProofRow): void;
  addState(row: StateRow): void;
  figures(): Figure[];
}

/** Counts everything in one pass: memory grows with groups and with callers of the last week, never with calls. */
export function createTally({ monthOf, untilMs }: TallyOptions): Tally {
  const counts = new Map<string, Count>();
  const lastContact = new Map<string, { atMs: number; groups: Count[] }>();
  let pruneAtMs = 0;

  const count = (month: string, group: string): Count => {
    const key = `${month}|${group}`;
    let found = counts.get(key);
    if (found === undefined) counts.set(key, (found = zero()));
    return found;
  };
  const groupsOf = (atMs: number, queueId: string, called: string): Count[] => {
    const month = monthOf(atMs);
    return [
      count(month, 'all'),
      ...(queueId === '' ? [] : [count(month, `queue:${queueId}`)]),
      ...(called === '' ? [] : [count(month, `number:${called}`)]),
    ];
  };

  /** A contact is judged when the same caller comes back to the same queue, or when the window has passed. */
  function judge(row: CallRow, groups: Count[]): void {
    const key = `${row.callerKey}|${row.queueId}`;
    const before = lastContact.get(key);
    if (before !== undefined) settle(before, row.invitedAtMs - before.atMs > FCR_WINDOW_DAYS * DAY_MS);
    lastContact.delete(key);
    if (row.agentAnsweredAtMs !== undefined) lastContact.set(key, { atMs: row.invitedAtMs, groups });
    if (row.invitedAtMs < pruneAtMs) return;
    pruneAtMs = row.invitedAtMs + DAY_MS;
    for (const [other, contact] of lastContact)
      if (row.invitedAtMs - contact.atMs > FCR_WINDOW_DAYS * DAY_MS) {
        settle(contact, true);
        lastContact.delete(other);
      }
  }
  const settle = ({ groups }: { groups: Count[] }, resolved: boolean): void => {
    for (const group of groups) {
      group.judged += 1;
      if (resolved) group.resolved += 1;
    }
  };

  return {
    addCall(row) {
      const groups = groupsOf(row.invitedAtMs, row.queueId, row.called);
      for (const group of groups) addCallTo(group, row);
      if (row.queuedAtMs !== undefined && row.callerKey !== '') judge(row, groups);
    },
    addRecording({ atMs, queueId, called, handled }) {
      if (!handled) return;
      for (const group of groupsOf(atMs, queueId, called)) group.recorded += 1;
    },
    addSurvey({ atMs, queueId, score }) {
      for (const group of groupsOf(atMs, queueId, '')) {
        group.invited += 1;
        if (score === undefined) continue;
        group.valid += 1;
        group.scores += score;
        if (score >= 4) group.satisfied += 1;
      }
    },
    addComplaint({ receivedAtMs, dueAtMs, answeredAtMs, closedAtMs }) {
      const group = count(monthOf(receivedAtMs), 'all');
      group.complaints += 1;
      if (dueAtMs !== undefined && (answeredAtMs !== undefined || dueAtMs <= untilMs)) {
        group.due += 1;
        if (answeredAtMs !== undefined && answeredAtMs <= dueAtMs) group.inTime += 1;
      }
      if (closedAtMs !== undefined) {
        group.closed += 1;
        group.closedMs += closedAtMs - receivedAtMs;
      }
    },
    addProof({ atMs, ok }) {
      const group = count(monthOf(atMs), 'all');
      group.proofs += 1;
      if (ok) group.proofsOk += 1;
    },
    addState({ fromMs, untilMs: endMs, state }) {
      const group = count(monthOf(fromMs), 'all');
      if (state === 'wrap-up') group.wrapUpMs += endMs - fromMs;
      if (state === 'ready' || state === 'offered') group.availableMs += endMs - fromMs;
    },
    figures() {
      for (const contact of lastContact.values()) if (untilMs - contact.atMs > FCR_WINDOW_DAYS * DAY_MS) settle(contact, true);
      lastContact.clear();
      return [...counts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, group]) => {
          const [month = '', name = ''] = key.split(/\|(.*)/s);
          return figuresOf(month, name, group);
        });
    },
  };
}

function addCallTo(group: Count, row: CallRow): void {
  if (row.direction === 'inbound') {
    group.inbound += 1;
    if (row.answeredAtMs !== undefined) {
      group.answered += 1;
      if (row.answeredAtMs - row.invitedAtMs <= 15_000) group.answered15 += 1;
    }
  }
  if (row.lossPercent !== undefined) {
    const { mos, r } = mosCqe({ lossPercent: row.lossPercent, delayMs: oneWayDelayMs(row.roundTripMs ?? 0, row.jitterMs ?? 0) });
    group.mosCalls += 1;
    group.mosSum += mos;
    if (r >= 80) group.mosGood += 1;
  }
  if (row.queuedAtMs === undefined) return;
  group.queued += 1;
  if (row.agentAnsweredAtMs !== undefined) {
    // A clock that was set back between the two must not make a wait negative.
    const waitMs = Math.max(0, row.agentAnsweredAtMs - row.queuedAtMs);
    group.handled += 1;
    group.waitMs += waitMs;
    group.longestMs = Math.max(group.longestMs, waitMs);
    group.handledMs += row.talkMs;
    const second = Math.ceil(waitMs / 1_000);
    group.waits.set(second, (group.waits.get(second) ?? 0) + 1);
    if (waitMs <= 15_000) group.within15 += 1;
    if (waitMs <= 20_000) group.within20 += 1;
  } else if (ABANDONED.has(row.cause)) {
    const waitMs = Math.max(0, row.endedAtMs - row.queuedAtMs);
    group.abandoned += 1;
    group.longestMs = Math.max(group.longestMs, waitMs);
    if (waitMs <= SHORT_ABANDON_MS) group.shortAbandoned += 1;
  }
}

/** Nearest rank: the smallest wait that at least 90 % of the handled calls did not exceed. */
function percentile90({ waits, handled }: Count): number {
  const rank = Math.ceil(0.9 * handled);
  let seen = 0;
  for (const [second, number] of [...waits].sort(([a], [b]) => a - b)) if ((seen += number) >= rank) return second;
  return 0;
}

function figuresOf(month: string, group: string, c: Count): Figure[] {
  const figure = (formula: FormulaKey, numerator: number, denominator: number, factor = 1): Figure => ({
    formula,
    version: formulas[formula].version,
    month,
    group,
    numerator,
    denominator,
    ...(denominator === 0 ? {} : { value: (numerator / denominator) * factor }),
  });
  const perCall: Figure[] = [
    figure('answerRate', c.handled, c.queued, 100),
    figure('serviceLevel15', c.within15, c.queued, 100),
    figure('serviceLevel20', c.within20, c.queued, 100),
    ...(c.shortAbandoned > 0 ? [figure('serviceLevel20Variant', c.within20, c.queued - c.shortAbandoned, 100)] : []),
    figure('abandonRate', c.abandoned, c.queued, 100),
    figure('abandonShort', c.shortAbandoned, c.queued, 100),
    figure('averageSpeedOfAnswer', c.waitMs / 1_000, c.handled),
    { ...figure('wait90', percentile90(c), c.handled), ...(c.handled === 0 ? {} : { value: percentile90(c) }) },
    { ...figure('longestWait', c.longestMs / 1_000, c.queued), ...(c.queued === 0 ? {} : { value: c.longestMs / 1_000 }) },
    figure('machineAnswer15', c.answered15, c.answered, 100),
    figure('answerSeizure', c.answered, c.inbound, 100),
    figure('firstContactResolution', c.resolved, c.judged, 100),
    figure('recorded', c.recorded, c.handled, 100),
    figure('mosMean', c.mosSum, c.mosCalls),
    figure('mosGood', c.mosGood, c.mosCalls, 100),
  ];
  const surveys: Figure[] = [
    figure('satisfaction', c.satisfied, c.valid, 100),
    figure('satisfactionMean', c.scores, c.valid),
    figure('surveyResponse', c.valid, c.invited, 100),
    figure('surveyInvitation', c.invited, c.handled, 100),
  ];
  if (group !== 'all') return group.startsWith('queue:') ? [...perCall, ...surveys] : perCall;
  const busyMs = c.handledMs + c.wrapUpMs;
  return [
    ...perCall,
    ...surveys,
    figure('averageHandleTime', busyMs / 1_000, c.handled),
    // Without a single available moment on record the states were not kept; 100 % would be made up.
    figure('occupancy', busyMs / 1_000, c.availableMs === 0 ? 0 : (busyMs + c.availableMs) / 1_000, 100),
    figure('complaintsPer10000', c.complaints, c.inbound, 10_000),
    figure('complaintsInTime', c.inTime, c.due, 100),
    figure('complaintDays', c.closedMs / DAY_MS, c.closed),
    figure('availability', c.proofsOk, c.proofs, 100),
  ];
}
