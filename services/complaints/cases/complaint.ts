import type {
  AnswerLetter,
  Complainant,
  ComplaintAction,
  ComplaintAnswer,
  ComplaintClock,
  Evidence,
  SendingAnswer,
  StoodBefore,
} from './case-parts.js';
import type { MoveOfClock, MoveRefusal } from '../clock/clock-moves.js';
import type { RecountRefusal } from '../clock/clock-recount.js';
import type { ComplaintKind, ComplaintSource } from '../clock/deadline-rule.js';
import type { ProvinceFrom } from './province-of-case.js';
import type { CallId, QueueId, ComplaintId } from '../../shared/domain/ids.js';

export type { Complainant, ComplaintClock } from './case-parts.js';

/**
 *     open ──▶ in-hand ──▶ answered ──▶ closed
 *      │          ▲            │           │
 *      └──────────┴────────────┴───────────┘ reopened
 */
export type ComplaintState = 'open' | 'in-hand' | 'answered' | 'closed';

/** A complaint (投诉). Fields of regulation item 30. */
export interface Complaint {
  readonly id: ComplaintId;
  /** `TS20261125-0001`: the number that the complainant gets. */
  readonly number: string;
  readonly state: ComplaintState;
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly province: string;
  /** How the province is known; unset in cases from before this was recorded. */
  readonly provinceFrom?: ProvinceFrom;
  readonly clientUnit?: string;
  /** The queue of the call that the complaint is about. */
  readonly queueId?: QueueId;
  readonly complainant: Complainant;
  readonly text: string;
  readonly eventAt?: Date;
  readonly receivedAt: Date;
  /** Calls of the same number, the one that the complaint is about first. */
  readonly callIds: readonly CallId[];
  /** Staff that the complaint is about. They may not close it. */
  readonly againstAgentId?: string;
  readonly owner?: string;
  readonly clocks: readonly ComplaintClock[];
  readonly answers: readonly ComplaintAnswer[];
  readonly evidence: readonly Evidence[];
  readonly letters?: readonly AnswerLetter[];
  /** The complainant's score of the answer, 1 to 5, or that none could be had. */
  readonly satisfaction?: { readonly score: number | null; readonly at: Date; readonly by: string };
  readonly upheld?: boolean;
  /** Oldest first. */
  readonly earlier?: readonly StoodBefore[];
  readonly joinedInto?: ComplaintId;
  /** The case was once of a kind that needs evidence. Another kind does not remove this condition (item 32). */
  readonly consentAtIssue?: boolean;
  readonly sending?: SendingAnswer;
  /** How long the recordings of a closed case are held. */
  readonly holdUntil?: Date;
  readonly actions: readonly ComplaintAction[];
  readonly closedAt?: Date;
  /** Raised by each change, so that only one of two simultaneous changes succeeds. */
  readonly revision: number;
}

export type ComplaintEvent =
  | { readonly type: 'take' }
  | { readonly type: 'hand-over'; readonly to: string }
  | { readonly type: 'give-back'; readonly text: string }
  | { readonly type: 'note'; readonly text: string }
  | {
      readonly type: 'answer';
      readonly how: ComplaintAnswer['how'];
      readonly text: string;
      readonly callId?: CallId;
      readonly letterId?: string;
    }
  | { readonly type: 'record-satisfaction'; readonly score: number | null }
  | ({ readonly type: 'attach-evidence' } & Omit<Evidence, 'at' | 'by'>)
  | ({ readonly type: 'add-letter' } & Omit<AnswerLetter, 'at' | 'by'>)
  | {
      readonly type: 'send-answer';
      readonly how: 'sms' | 'mail';
      readonly text: string;
      readonly messageId: string;
      readonly toMasked: string;
    }
  | { readonly type: 'answer-sent'; readonly messageId: string }
  | { readonly type: 'answer-failed'; readonly messageId: string; readonly reason: string }
  | { readonly type: 'close'; readonly upheld: boolean; readonly text: string; readonly holdUntil?: Date }
  | { readonly type: 'close-joined'; readonly text: string; readonly holdUntil?: Date }
  | { readonly type: MoveOfClock; readonly text: string; readonly clock: ComplaintClock }
  | { readonly type: 'reopen'; readonly text: string; readonly clock: ComplaintClock }
  | ChangeEvent;

/** Another kind or province. `clock`: the new state of the running clock, if it changes. */
type ChangeEvent = { readonly text?: string | undefined; readonly clock?: ComplaintClock } & (
  | { readonly type: 'change-kind'; readonly kind: ComplaintKind }
  | { readonly type: 'change-province'; readonly province: string }
);

export type Refusal =
  | 'wrong-state'
  | 'text-missing'
  | 'not-answered'
  | 'complained-about'
  | 'evidence-missing'
  | 'evidence-file-missing'
  | 'letter-missing'
  | 'satisfaction-missing'
  | 'recorded-call-missing'
  | 'already-joined'
  | 'answer-on-its-way'
  | 'not-joined'
  | MoveRefusal
  | RecountRefusal;

export type Advanced = { readonly complaint: Complaint } | { readonly refused: Refusal };

/** A complaint about calls without consent, or after a refusal, closes only with consent evidence or a corrective action (item 32). */
export const needsEvidence = (kind: ComplaintKind): boolean => kind === 'harassment' || kind === 'called-after-refusal';

/** Whether the case has, or ever had, a kind that needs evidence. */
export const consentAtIssue = ({ kind, consentAtIssue: ever }: Pick<Complaint, 'kind' | 'consentAtIssue'>): boolean =>
  ever === true || needsEvidence(kind);

/** The person who has a case in hand writes the letter that answers it, or a further one. */
export const mayHaveLetter = ({ state, joinedInto }: Pick<Complaint, 'state' | 'joinedInto'>): boolean =>
  joinedInto === undefined && (state === 'in-hand' || state === 'answered');

/** The complaint after the event, or why not. Pure: `at` and `by` come from outside. */
export function advance(complaint: Complaint, event: ComplaintEvent, by: string, at: Date): Advanced {
  if (complaint.joinedInto !== undefined && event.type !== 'note' && event.type !== 'close-joined') return { refused: 'already-joined' };
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
    case 'change-province':
      return reclassified(complaint, event, by, at);
    case 'answer':
      return answer(complaint, event, by, at);
    case 'send-answer':
      return sendAnswer(complaint, event, by, at);
    case 'answer-sent':
      return answerSent(complaint, event.messageId, at);
    case 'answer-failed':
      return complaint.sending?.messageId === event.messageId
        ? changed(withoutSending(complaint), {}, 'answer-failed', 'system:messages', at, event.reason)
        : { refused: 'wrong-state' };
    case 'record-satisfaction':
      return state === 'answered'
        ? changed(complaint, { satisfaction: { score: event.score, at, by } }, 'satisfaction-recorded', by, at)
        : { refused: 'not-answered' };
    case 'attach-evidence': {
      if (blank(event.text)) return { refused: 'text-missing' };
      if (state === 'closed') return { refused: 'wrong-state' };
      // A statement alone is not evidence that somebody consented.
      if (event.kind === 'consent' && event.file === undefined && event.callId === undefined) return { refused: 'evidence-file-missing' };
      const { type: _type, ...attached } = event;
      return changed(complaint, { evidence: [...complaint.evidence, { ...attached, at, by }] }, 'evidence-attached', by, at, event.kind);
    }
    case 'add-letter': {
      if (!mayHaveLetter(complaint)) return { refused: 'wrong-state' };
      if (blank(event.found) || blank(event.answer)) return { refused: 'text-missing' };
      const { type: _type, ...letter } = event;
      return changed(complaint, { letters: [...(complaint.letters ?? []), { ...letter, at, by }] }, 'letter-made', by, at, letter.language);
    }
    case 'close':
      return close(complaint, event, by, at);
    case 'extend':
    case 'pause':
    case 'resume':
      return moved(complaint, event, by, at);
    case 'close-joined':
      if (complaint.joinedInto === undefined) return { refused: 'not-joined' };
      return state === 'closed'
        ? { refused: 'wrong-state' }
        : changed(complaint, { state: 'closed', closedAt: at, ...heldUntil(event) }, 'closed', by, at, event.text);
    case 'reopen':
      if (state !== 'closed' && state !== 'answered') return { refused: 'wrong-state' };
      if (blank(event.text)) return { refused: 'text-missing' };
      return changed(
        withoutClosing(complaint),
        { state: 'open', clocks: [...complaint.clocks, event.clock], ...earlierOf(complaint, 'reopened', at) },
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
  const { letterId } = event;
  if (letterId !== undefined && complaint.letters?.some((letter) => letter.letterId === letterId) !== true)
    return { refused: 'letter-missing' };
  const given: ComplaintAnswer = {
    at,
    by,
    how: event.how,
    text: event.text,
    ...(event.callId === undefined ? {} : { callId: event.callId }),
    ...(letterId === undefined ? {} : { letterId }),
  };
  return answered(complaint, given);
}

function answered(complaint: Complaint, given: ComplaintAnswer): Advanced {
  const clocks = complaint.clocks.map((clock) => (clock.stoppedAt === undefined ? { ...clock, stoppedAt: given.at } : clock));
  return changed(
    complaint,
    { state: 'answered', answers: [...complaint.answers, given], clocks },
    'answered',
    given.by,
    given.at,
    given.how,
  );
}

function sendAnswer(complaint: Complaint, event: Extract<ComplaintEvent, { type: 'send-answer' }>, by: string, at: Date): Advanced {
  if (complaint.state !== 'in-hand' && complaint.state !== 'answered') return { refused: 'wrong-state' };
  if (blank(event.text)) return { refused: 'text-missing' };
  if (complaint.sending !== undefined) return { refused: 'answer-on-its-way' };
  const { type: _type, ...sending } = event;
  return changed(complaint, { sending: { ...sending, by, at } }, 'answer-queued', by, at, event.how);
}

/** The provider has accepted the message: its author has answered, and the clock stops now, not when the answer was written. */
function answerSent(complaint: Complaint, messageId: string, at: Date): Advanced {
  const { sending } = complaint;
  if (sending?.messageId !== messageId) return { refused: 'wrong-state' };
  const { how, text, by, toMasked } = sending;
  return answered(withoutSending(complaint), { at, by, how, text, messageId, toMasked });
}

function close(complaint: Complaint, event: Extract<ComplaintEvent, { type: 'close' }>, by: string, at: Date): Advanced {
  if (complaint.state !== 'answered') return { refused: 'not-answered' };
  // Item 33: nobody closes a case about themselves.
  if (complaint.againstAgentId === by) return { refused: 'complained-about' };
  if (blank(event.text)) return { refused: 'text-missing' };
  if (complaint.sending !== undefined) return { refused: 'answer-on-its-way' };
  if (consentAtIssue(complaint) && complaint.evidence.length === 0) return { refused: 'evidence-missing' };
  if (complaint.source === 'regulator' && complaint.satisfaction === undefined) return { refused: 'satisfaction-missing' };
  return changed(complaint, { state: 'closed', closedAt: at, upheld: event.upheld, ...heldUntil(event) }, 'closed', by, at, event.text);
}

const moves = { extend: 'extended', pause: 'paused', resume: 'resumed' } as const;

/** `moveClock` computes the clock. This function decides who may change it and when, and requires a reason. */
function moved(
  complaint: Complaint,
  { type, text, clock }: Extract<ComplaintEvent, { type: MoveOfClock }>,
  by: string,
  at: Date,
): Advanced {
  if (complaint.state !== 'open' && complaint.state !== 'in-hand') return { refused: 'wrong-state' };
  if (complaint.againstAgentId === by) return { refused: 'complained-about' };
  if (blank(text)) return { refused: 'text-missing' };
  return changed(complaint, { clocks: [...complaint.clocks.slice(0, -1), clock] }, moves[type], by, at, text);
}

/** `recount` computes the clock. Nobody gains time without a reason, or in a case about themselves. */
function reclassified(complaint: Complaint, event: ChangeEvent, by: string, at: Date): Advanced {
  if (complaint.state === 'closed') return { refused: 'wrong-state' };
  const { clock, text = '' } = event;
  const before = complaint.clocks.at(-1);
  if (clock !== undefined && complaint.againstAgentId === by) return { refused: 'complained-about' };
  const gainsTime = clock !== undefined && before !== undefined && clock.dueAt > before.dueAt;
  if ((event.type === 'change-province' || gainsTime) && blank(text)) return { refused: 'text-missing' };
  const kept = {
    ...(blank(text) ? {} : { reason: text.trim() }),
    ...(clock === undefined || before === undefined || +clock.dueAt === +before.dueAt
      ? {}
      : { due: { from: before.dueAt, to: clock.dueAt } }),
  };
  const clocks = clock === undefined ? {} : { clocks: [...complaint.clocks.slice(0, -1), clock] };
  if (event.type === 'change-province') {
    const { province } = event;
    const change = { province, provinceFrom: 'stated' as const, ...clocks };
    return changed(complaint, change, 'province-changed', by, at, province, { was: complaint.province, ...kept });
  }
  const { kind } = event;
  const consent = needsEvidence(kind) || consentAtIssue(complaint) ? { consentAtIssue: true } : {};
  return changed(complaint, { kind, ...consent, ...clocks }, 'kind-changed', by, at, kind, { was: complaint.kind, ...kept });
}

const heldUntil = ({ holdUntil }: { readonly holdUntil?: Date }): { readonly holdUntil?: Date } =>
  holdUntil === undefined ? {} : { holdUntil };

function withoutSending({ sending: _sending, ...rest }: Complaint): Complaint {
  return rest;
}

/** Reopening removes the end, and a new kind or score replaces the earlier one. The values that were counted before are kept. */
function earlierOf(complaint: Complaint, what: ComplaintAction['what'], until: Date): { readonly earlier?: readonly StoodBefore[] } {
  if (what !== 'kind-changed' && what !== 'reopened' && what !== 'satisfaction-recorded') return {};
  const { kind, upheld, closedAt, satisfaction, earlier = [] } = complaint;
  const before: StoodBefore = {
    until,
    kind,
    ...(upheld === undefined ? {} : { upheld }),
    ...(closedAt === undefined ? {} : { closedAt }),
    ...(satisfaction === undefined ? {} : { satisfaction }),
  };
  return { earlier: [...earlier, before] };
}

const blank = (text: string): boolean => text.trim() === '';

function withoutOwner({ owner: _owner, ...rest }: Complaint): Complaint {
  return rest;
}

/** The reopened case loses everything that belonged to the closing; its actions still show it. */
function withoutClosing({
  closedAt: _closedAt,
  satisfaction: _satisfaction,
  upheld: _upheld,
  holdUntil: _holdUntil,
  ...rest
}: Complaint): Complaint {
  return rest;
}

function changed(
  complaint: Complaint,
  change: Partial<Complaint>,
  what: ComplaintAction['what'],
  by: string,
  at: Date,
  text?: string,
  more: Pick<ComplaintAction, 'was' | 'reason' | 'due'> = {},
): Advanced {
  const action: ComplaintAction = { at, by, what, ...(text === undefined ? {} : { text }), ...more };
  return {
    complaint: {
      ...complaint,
      ...(what === 'reopened' ? {} : earlierOf(complaint, what, at)),
      ...change,
      actions: [...complaint.actions, action],
      revision: complaint.revision + 1,
    },
  };
}
