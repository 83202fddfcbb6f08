import type { ComplaintKind, ComplaintSource } from './deadline-rule.js';

/**
 *     open ──▶ in-hand ──▶ answered ──▶ closed
 *      │          ▲            │           │
 *      └──────────┴────────────┴───────────┘ reopened
 */
export type ComplaintState = 'open' | 'in-hand' | 'answered' | 'closed';

/** One thing that was done, by whom and when; only ever added to. */
export interface ComplaintAction {
  readonly at: Date;
  readonly by: string;
  readonly what:
    | 'opened'
    | 'joined'
    | 'taken'
    | 'handed-over'
    | 'given-back'
    | 'noted'
    | 'answered'
    | 'satisfaction-recorded'
    | 'evidence-attached'
    | 'closed'
    | 'reopened'
    | 'reminded'
    | 'escalated'
    | 'overdue'
    | 'kind-changed';
  readonly text?: string;
}

export interface ComplaintAnswer {
  readonly at: Date;
  readonly by: string;
  readonly how: 'call' | 'sms' | 'mail' | 'letter';
  readonly text: string;
  /** The recorded call of the answer, when it was given by call. */
  readonly callId?: string;
}

/** A clock of the case, with the rule version that set it. It is never moved; a reopened case gets a new one. */
export interface ComplaintClock {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly basis: string;
  readonly confirmed: boolean;
  /** The year whose calendar was missing: every weekday was counted, so the clock is rather too short than too long. */
  readonly provisionalYear?: number;
  readonly startedAt: Date;
  readonly targetAt: Date;
  readonly dueAt: Date;
  /** When the answer stopped it. */
  readonly stoppedAt?: Date;
  readonly remindedAt?: Date;
  readonly escalatedAt?: Date;
  /** Set once when it ran out; nothing takes it away. */
  readonly overdueAt?: Date;
}

/** A complaint (投诉). Fields of regulation item 30. */
export interface Complaint {
  readonly id: string;
  /** `TS20261125-0001`: what the complainant gets. */
  readonly number: string;
  readonly state: ComplaintState;
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly province: string;
  readonly clientUnit?: string;
  readonly complainant: { readonly name?: string; readonly numberMasked: string; readonly numberHash: string };
  readonly text: string;
  readonly eventAt?: Date;
  readonly receivedAt: Date;
  /** Calls of that number, the one complained about first. */
  readonly callIds: readonly string[];
  /** Staff complained about: they may not close it. */
  readonly againstAgentId?: string;
  readonly owner?: string;
  readonly clocks: readonly ComplaintClock[];
  readonly answers: readonly ComplaintAnswer[];
  /** Evidence of consent, or the corrective action; each with what it is. */
  readonly evidence: readonly {
    readonly at: Date;
    readonly by: string;
    readonly kind: 'consent' | 'corrective-action';
    readonly text: string;
    readonly objectKey?: string;
  }[];
  /** The complainant's word on the answer, 1 to 5, or that none was to be had. */
  readonly satisfaction?: { readonly score: number | null; readonly at: Date; readonly by: string };
  readonly upheld?: boolean;
  readonly joinedInto?: string;
  readonly actions: readonly ComplaintAction[];
  readonly closedAt?: Date;
  /** Counted up by each change: two people at once cannot both win. */
  readonly revision: number;
}

export type ComplaintEvent =
  | { readonly type: 'take' }
  | { readonly type: 'hand-over'; readonly to: string }
  | { readonly type: 'give-back'; readonly text: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'answer'; readonly how: ComplaintAnswer['how']; readonly text: string; readonly callId?: string }
  | { readonly type: 'record-satisfaction'; readonly score: number | null }
  | { readonly type: 'attach-evidence'; readonly kind: 'consent' | 'corrective-action'; readonly text: string; readonly objectKey?: string }
  | { readonly type: 'close'; readonly upheld: boolean; readonly text: string }
  | { readonly type: 'reopen'; readonly text: string; readonly clock: ComplaintClock }
  | { readonly type: 'change-kind'; readonly kind: ComplaintKind };

export type Refusal =
  | 'wrong-state'
  | 'text-missing'
  | 'not-answered'
  | 'complained-about'
  | 'evidence-missing'
  | 'satisfaction-missing'
  | 'recorded-call-missing'
  | 'already-joined';

export type Advanced = { readonly complaint: Complaint } | { readonly refused: Refusal };

/** A complaint about calls without consent, or after a refusal, closes only with consent evidence or a corrective action (item 32). */
export const needsEvidence = (kind: ComplaintKind): boolean => kind === 'harassment' || kind === 'called-after-refusal';

/** The complaint after the event, or why not. Pure: `at` and `by` come from outside. */
export function advance(complaint: Complaint, event: ComplaintEvent, by: string, at: Date): Advanced {
  if (complaint.joinedInto !== undefined && event.type !== 'note') return { refused: 'already-joined' };
  const { state } = complaint;
  switch (event.type) {
    case 'take':
      return state === 'open' || state === 'in-hand'
        ? changed(complaint, { state: 'in-hand', owner: by }, 'taken', by, at)
        : { refused: 'wrong-state' };
    case 'hand-over':
      return state === 'in-hand' ? changed(complaint, { owner: event.to }, 'handed-over', by, at, event.to) : { refused: 'wrong-state' };
    case 'give-back':
      if (blank(event.text)) return { refused: 'text-missing' };
      return state === 'in-hand'
        ? changed(withoutOwner(complaint), { state: 'open' }, 'given-back', by, at, event.text)
        : { refused: 'wrong-state' };
    case 'note':
      return blank(event.text) ? { refused: 'text-missing' } : changed(complaint, {}, 'noted', by, at, event.text);
    case 'change-kind':
      // The clock keeps what it was set by: a kind is not changed to gain time.
      return state === 'closed' ? { refused: 'wrong-state' } : changed(complaint, { kind: event.kind }, 'kind-changed', by, at, event.kind);
    case 'answer':
      return answer(complaint, event, by, at);
    case 'record-satisfaction':
      return state === 'answered'
        ? changed(complaint, { satisfaction: { score: event.score, at, by } }, 'satisfaction-recorded', by, at)
        : { refused: 'not-answered' };
    case 'attach-evidence': {
      if (blank(event.text)) return { refused: 'text-missing' };
      if (state === 'closed') return { refused: 'wrong-state' };
      const { type: _type, ...attached } = event;
      return changed(complaint, { evidence: [...complaint.evidence, { ...attached, at, by }] }, 'evidence-attached', by, at, event.kind);
    }
    case 'close':
      return close(complaint, event, by, at);
    case 'reopen':
      if (state !== 'closed' && state !== 'answered') return { refused: 'wrong-state' };
      if (blank(event.text)) return { refused: 'text-missing' };
      return changed(
        withoutClosing(complaint),
        { state: 'open', clocks: [...complaint.clocks, event.clock] },
        'reopened',
        by,
        at,
        event.text,
      );
  }
}

function answer(complaint: Complaint, event: Extract<ComplaintEvent, { type: 'answer' }>, by: string, at: Date): Advanced {
  if (complaint.state !== 'in-hand' && complaint.state !== 'answered') return { refused: 'wrong-state' };
  if (blank(event.text)) return { refused: 'text-missing' };
  if (event.how === 'call' && event.callId === undefined) return { refused: 'recorded-call-missing' };
  const given: ComplaintAnswer = {
    at,
    by,
    how: event.how,
    text: event.text,
    ...(event.callId === undefined ? {} : { callId: event.callId }),
  };
  const clocks = complaint.clocks.map((clock) => (clock.stoppedAt === undefined ? { ...clock, stoppedAt: at } : clock));
  return changed(complaint, { state: 'answered', answers: [...complaint.answers, given], clocks }, 'answered', by, at, event.how);
}

function close(complaint: Complaint, event: Extract<ComplaintEvent, { type: 'close' }>, by: string, at: Date): Advanced {
  if (complaint.state !== 'answered') return { refused: 'not-answered' };
  // Item 33: nobody closes what is about oneself.
  if (complaint.againstAgentId === by) return { refused: 'complained-about' };
  if (blank(event.text)) return { refused: 'text-missing' };
  if (needsEvidence(complaint.kind) && complaint.evidence.length === 0) return { refused: 'evidence-missing' };
  if (complaint.source === 'regulator' && complaint.satisfaction === undefined) return { refused: 'satisfaction-missing' };
  return changed(complaint, { state: 'closed', closedAt: at, upheld: event.upheld }, 'closed', by, at, event.text);
}

const blank = (text: string): boolean => text.trim() === '';

function withoutOwner({ owner: _owner, ...rest }: Complaint): Complaint {
  return rest;
}

/** What belonged to the closing is gone from the reopened case; its actions still tell of it. */
function withoutClosing({ closedAt: _closedAt, satisfaction: _satisfaction, upheld: _upheld, ...rest }: Complaint): Complaint {
  return rest;
}

function changed(
  complaint: Complaint,
  change: Partial<Complaint>,
  what: ComplaintAction['what'],
  by: string,
  at: Date,
  text?: string,
): Advanced {
  const action: ComplaintAction = { at, by, what, ...(text === undefined ? {} : { text }) };
  return { complaint: { ...complaint, ...change, actions: [...complaint.actions, action], revision: complaint.revision + 1 } };
}

/** What the clocks of a case ask for at `now`: each once, in order, also when the process was down meanwhile. */
export function dueSteps(complaint: Complaint, now: Date): ('reminded' | 'escalated' | 'overdue')[] {
  const clock = complaint.clocks.at(-1);
  if (clock === undefined || clock.stoppedAt !== undefined || complaint.joinedInto !== undefined) return [];
  const steps: ('reminded' | 'escalated' | 'overdue')[] = [];
  const reached = (at: number): boolean => now.getTime() >= at;
  const middle = clock.targetAt.getTime() + (clock.dueAt.getTime() - clock.targetAt.getTime()) / 2;
  if (clock.remindedAt === undefined && reached(clock.targetAt.getTime())) steps.push('reminded');
  if (clock.escalatedAt === undefined && reached(middle)) steps.push('escalated');
  if (clock.overdueAt === undefined && reached(clock.dueAt.getTime())) steps.push('overdue');
  return steps;
}

/** Writes a step of the clock into the case. */
export function stepClock(complaint: Complaint, step: 'reminded' | 'escalated' | 'overdue', at: Date): Complaint {
  const field = `${step}At` as const;
  const clocks = complaint.clocks.map((clock, i) => (i === complaint.clocks.length - 1 ? { ...clock, [field]: at } : clock));
  return {
    ...complaint,
    clocks,
    actions: [...complaint.actions, { at, by: 'system:clock', what: step }],
    revision: complaint.revision + 1,
  };
}
