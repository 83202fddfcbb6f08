import { CallCentreError } from '../../shared/domain/failure.js';
import { maskMail, normaliseMail } from '../../shared/domain/people/mail-address.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { publishCaseAlarms } from './case-alarms.js';
import { clockFor, questionOf } from '../clock/case-clock.js';
import type { CaseDependencies } from './case-dependencies.js';
import type { CaseOpening } from './case-opening.js';
import { holdOf } from '../clock/clock-watch.js';
import { recount } from '../clock/clock-recount.js';
import { moveClock, type MoveOfClock } from '../clock/clock-moves.js';
import { advance, needsEvidence, type Complaint, type ComplaintEvent, type Refusal } from './complaint.js';
import type { ComplaintKind } from '../clock/deadline-rule.js';
import type { CallId, ComplaintId } from '../../shared/domain/ids.js';

const refusalWords: Record<Refusal | 'changed-meanwhile', string> = {
  'wrong-state': 'The case is in another state.',
  'text-missing': 'Please write what was done.',
  'not-answered': 'The case has not been answered yet.',
  'complained-about': 'The person complained about can neither close the case nor postpone its answer.',
  'evidence-missing': 'Attach the evidence of consent or the corrective action first.',
  'evidence-file-missing': 'Consent is proved by a file or by a recorded call, not by words alone.',
  'letter-missing': 'There is no such letter in this case.',
  'satisfaction-missing': "An appeal needs the complainant's word on the answer.",
  'recorded-call-missing': 'Name the recorded call of the answer.',
  'already-joined': 'This case is joined into another; work on that one.',
  'answer-on-its-way': 'An answer is on its way to the complainant; wait until it has arrived or failed.',
  'not-joined': 'This case is not joined into another.',
  'clock-not-running': 'The clock of this case has stopped or is already paused.',
  'rule-allows-none': 'The rule of this deadline allows neither that pause nor that extension.',
  'used-already': 'The rule of this deadline allows that once.',
  'not-paused': 'The clock of this case is not paused.',
  'clock-paused': 'The clock of this case is paused; resume it before you change the kind or the province.',
  'changed-meanwhile': 'Somebody changed this case in the meantime; please open it again.',
};

export interface AnswerWanted {
  readonly how: 'call' | 'sms' | 'mail' | 'letter';
  readonly text: string;
  readonly callId?: CallId | undefined;
  /** The letter of the case that was sent. */
  readonly letterId?: string | undefined;
  /** The destination of an SMS or a mail; without it, the complainant's own address. */
  readonly to?: string | undefined;
}

/** What the digests of an audit row cover: for a changed clock its times and the reason, for any other step the state. */
function auditedOf({ type }: ComplaintEvent, { state, kind, province, clocks }: Complaint): unknown {
  if (type === 'change-kind' || type === 'change-province') return { kind, province, clock: clocks.at(-1) };
  return type === 'extend' || type === 'pause' || type === 'resume' ? clocks.at(-1) : state;
}

/** One step of a case at a time, each with its row in the audit log. */
function createSteps({ complaints, bus, audit, now }: CaseDependencies) {
  async function found(id: ComplaintId): Promise<Complaint> {
    const complaint = await complaints.byId(id);
    if (complaint === undefined) throw new CallCentreError('not-found', 'There is no such case.');
    return complaint;
  }

  async function refuse(
    by: string,
    id: ComplaintId,
    type: ComplaintEvent['type'],
    refused: Refusal | 'changed-meanwhile',
    from: string,
  ): Promise<never> {
    await audit({ who: by, what: `complaint.${type}`, object: id, from, success: false, reason: refused });
    throw new CallCentreError('wrong-state', refusalWords[refused], { details: { refused } });
  }

  /** One step of the work. `revision` is the version that the person saw: of two who close at once only one succeeds. */
  async function act(by: string, id: ComplaintId, event: ComplaintEvent, from: string, revision?: number): Promise<Complaint> {
    const before = await found(id);
    if (revision !== undefined && revision !== before.revision) return refuse(by, id, event.type, 'changed-meanwhile', from);
    const advanced = advance(before, event, by, now());
    if ('refused' in advanced) return refuse(by, id, event.type, advanced.refused, from);
    const { complaint } = advanced;
    const row = { who: by, what: `complaint.${event.type}`, object: id, from } as const;
    // The case is written first, because it records authors and times itself. A step that lost against another one was not taken, and no
    // row claims it.
    if (!(await complaints.replace(complaint))) return refuse(by, id, event.type, 'changed-meanwhile', from);
    await audit({ ...row, success: true, before: auditedOf(event, before), after: auditedOf(event, complaint) });
    await publishCaseAlarms(bus, before, complaint, now());
    await bus.publish('complaint.changed', { complaintId: id, at: now().toISOString(), state: complaint.state });
    return complaint;
  }
  return { found, act, refuse };
}

/** The address of an answer by SMS or mail: as given, or the complainant's own. */
function addressOf(
  sealer: CaseDependencies['sealer'],
  { id, complainant }: Complaint,
  how: 'sms' | 'mail',
  to: string | undefined,
): string {
  const own = how === 'sms' ? complainant.sealed?.number : complainant.sealed?.mail;
  const address = to?.trim() || (own === undefined ? undefined : sealer.open(own, id));
  const usable = how === 'sms' ? normaliseNumber(address ?? '') : normaliseMail(address ?? '');
  if (usable === undefined)
    throw new CallCentreError('invalid-request', 'Where should the answer go?', { details: [{ at: 'to', message: 'missing' }] });
  return usable;
}

export type ChangeOfCase =
  | { readonly type: 'change-kind'; readonly kind: ComplaintKind }
  | { readonly type: 'change-province'; readonly province: string };

/** What people do with the clock of a case. */
function createClockWork(
  needs: CaseDependencies,
  opening: Pick<CaseOpening, 'table' | 'protect'>,
  { found, act, refuse }: ReturnType<typeof createSteps>,
) {
  const { complaints, rules, holds, now, defaultProvince } = needs;

  /** The clock for another kind or province, by the version of the rules that had set it. */
  async function recounted(
    complaint: Complaint,
    change: ChangeOfCase,
    why: { readonly by: string; readonly text: string; readonly at: Date },
  ): Promise<ReturnType<typeof recount>> {
    const clock = complaint.clocks.at(-1);
    const [ofClock, calendar, joined] = await Promise.all([
      clock === undefined ? undefined : rules.version(clock.ruleVersion),
      rules.calendars(),
      complaints.joinedTo(complaint.id),
    ]);
    const table = ofClock ?? (await opening.table());
    const ends = joined.flatMap(({ state, clocks }) => (state === 'closed' ? [] : (clocks.at(-1)?.dueAt ?? [])));
    const notAfter = ends.sort((a, b) => a.getTime() - b.getTime())[0];
    const asked = questionOf({ ...complaint, ...change }, defaultProvince);
    return recount(clock, { ...why, table, calendar, asked, notAfter, dateOf: needs.dateOf, endOf: needs.endOf });
  }

  return {
    /** A pause, its end, or an extension of the running clock, where its rule allows it. */
    async moveClock(
      by: string,
      id: ComplaintId,
      { type, text }: { readonly type: MoveOfClock; readonly text: string },
      from: string,
      revision?: number,
    ): Promise<Complaint> {
      const [complaint, calendar] = await Promise.all([found(id), rules.calendars()]);
      const clock = complaint.clocks.at(-1);
      const moved =
        clock === undefined
          ? { refused: 'clock-not-running' as const }
          : moveClock(clock, type, { dateOf: needs.dateOf, endOf: needs.endOf, calendar, at: now(), by, text });
      if ('refused' in moved) return refuse(by, id, type, moved.refused, from);
      // The clock was computed from the current case. If somebody has changed the case since, that change wins.
      return act(by, id, { type, text, clock: moved.clock }, from, revision ?? complaint.revision);
    },

    /** The clock for another kind or province, before it is saved. */
    async lookAhead(id: ComplaintId, change: ChangeOfCase) {
      const complaint = await found(id);
      const at = now();
      return { at, before: complaint.clocks.at(-1), ...(await recounted(complaint, change, { by: '', text: '', at })) };
    },

    /** Saves another kind or province, with its effect on the clock. `seenDueAt`: the new due time as the person saw it before saving. */
    async reclassify(
      by: string,
      id: ComplaintId,
      change: ChangeOfCase & { readonly text?: string | undefined; readonly seenDueAt?: Date | undefined },
      from: string,
      revision?: number,
    ): Promise<Complaint> {
      const { seenDueAt, text = '', ...asked } = change;
      const complaint = await found(id);
      const verdict = await recounted(complaint, asked, { by, text: text.trim(), at: now() });
      if ('refused' in verdict) return refuse(by, id, asked.type, verdict.refused, from);
      const { clock } = verdict;
      const dueAt = (clock ?? complaint.clocks.at(-1))?.dueAt;
      // The clock ran out, or a calendar arrived, between preview and saving. Nothing is saved that the person has not seen.
      if (seenDueAt !== undefined && +seenDueAt !== Number(dueAt)) return refuse(by, id, asked.type, 'changed-meanwhile', from);
      const event = { ...asked, text, ...(clock === undefined ? {} : { clock }) };
      const after = await act(by, id, event, from, revision ?? complaint.revision);
      if (asked.type === 'change-kind' && needsEvidence(asked.kind)) await opening.protect(after);
      return after;
    },

    async reopen(by: string, id: ComplaintId, text: string, from: string): Promise<Complaint> {
      const [complaint, table, calendar] = await Promise.all([found(id), opening.table(), rules.calendars()]);
      const clock = clockFor(needs, table, calendar, questionOf(complaint, defaultProvince), now());
      const again = await act(by, id, { type: 'reopen', text, clock }, from);
      await holds.hold(again.callIds, holdOf(again));
      return again;
    },
  };
}

/** The steps that people take in a case, and their consequences. */
export function createCaseWork(needs: CaseDependencies, opening: Pick<CaseOpening, 'table' | 'protect'>) {
  const { complaints, calls, holds, messenger, sealer, bus, now, newId, hashNumber, holdAfterCloseMs } = needs;

  const steps = createSteps(needs);
  const { found, act } = steps;
  const clocks = createClockWork(needs, opening, steps);

  const holdUntil = (): Date => new Date(now().getTime() + holdAfterCloseMs);

  /** Joined repeats end with the case that they were joined to. */
  async function closeJoined({ id, number }: Complaint, by: string, from: string): Promise<void> {
    for (const joined of await complaints.joinedTo(id))
      if (joined.state !== 'closed') await act(by, joined.id, { type: 'close-joined', text: number, holdUntil: holdUntil() }, from);
  }

  async function sendAnswer(
    by: string,
    id: ComplaintId,
    given: AnswerWanted & { readonly how: 'sms' | 'mail' },
    from: string,
  ): Promise<Complaint> {
    const { how, text, to } = given;
    if (!messenger.canSend(how))
      throw new CallCentreError('not-supported', 'No provider for this channel is set up; please answer through another one.');
    const before = await found(id);
    const address = addressOf(sealer, before, how, to);
    const messageId = newId();
    const toMasked = how === 'mail' ? maskMail(address) : maskNumber(address);
    const queued = await act(by, id, { type: 'send-answer', how, text, messageId, toMasked }, from);
    // The case is written first: if this process dies here, the watch finds an answer without its message and notes that in the case.
    await messenger.queue({ messageId, way: how, to: address, subject: before.number, text, topic: { kind: 'complaint-answer', id } });
    return queued;
  }

  /** An answer by phone names a call with the complainant. */
  async function checkCall(id: ComplaintId, callId: CallId): Promise<void> {
    const [complaint, call] = await Promise.all([found(id), calls.callerOf(callId)]);
    if (call === undefined) throw new CallCentreError('no-such-call', 'There is no such call.');
    const { numberHash } = complaint.complainant;
    const withComplainant = numberHash === undefined ? complaint.callIds.includes(callId) : hashNumber(call.number) === numberHash;
    if (!withComplainant)
      throw new CallCentreError('invalid-request', 'That call was with somebody other than the complainant.', {
        details: [{ at: 'callId', message: 'another number' }],
      });
    await holds.hold([callId], holdOf(complaint));
  }

  return {
    async act(by: string, id: ComplaintId, event: ComplaintEvent, from: string, revision?: number): Promise<Complaint> {
      const asked: ComplaintEvent = event.type === 'close' ? { ...event, holdUntil: holdUntil() } : event;
      const after = await act(by, id, asked, from, revision);
      if (event.type === 'close') await closeJoined(after, by, from);
      return after;
    },

    ...clocks,

    /** By call or letter at once; by SMS or mail when the provider has accepted it. */
    async answer(by: string, id: ComplaintId, given: AnswerWanted, from: string): Promise<Complaint> {
      const { how, text, callId, letterId } = given;
      if (how === 'sms' || how === 'mail') return sendAnswer(by, id, { ...given, how }, from);
      if (how === 'call' && callId !== undefined) await checkCall(id, callId);
      return act(
        by,
        id,
        {
          type: 'answer',
          how,
          text,
          ...(callId === undefined ? {} : { callId }),
          ...(letterId === undefined ? {} : { letterId }),
        },
        from,
      );
    },

    /** Writes the end of a sent answer into its case, once, however often it is reported. */
    async messageSettled(id: ComplaintId, messageId: string, state: 'sent' | 'failed', reason = 'unknown'): Promise<void> {
      const event: ComplaintEvent = state === 'sent' ? { type: 'answer-sent', messageId } : { type: 'answer-failed', messageId, reason };
      for (let tries = 0; tries < 5; tries += 1) {
        const complaint = await complaints.byId(id);
        if (complaint?.sending?.messageId !== messageId) return;
        const advanced = advance(complaint, event, complaint.sending.by, now());
        if ('refused' in advanced) return;
        if (!(await complaints.replace(advanced.complaint))) continue;
        await publishCaseAlarms(bus, complaint, advanced.complaint, now());
        await bus.publish('complaint.changed', { complaintId: id, at: now().toISOString(), state: advanced.complaint.state });
        return;
      }
    },
  };
}
export type CaseWork = ReturnType<typeof createCaseWork>;
