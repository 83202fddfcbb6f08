import { CallCentreError } from '../../shared/domain/failure.js';
import { withinScope } from '../../shared/domain/people/rights.js';
import { identityOf, WITHHELD } from '../../shared/domain/calls/caller.js';
import { maskMail } from '../../shared/domain/people/mail-address.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { holdOf } from '../clock/clock-watch.js';
import { clockFor, questionOf } from '../clock/case-clock.js';
import type { CaseDependencies } from './case-dependencies.js';
import { WHOLE_CENTRE, type CaseScope } from './case-scope.js';
import { provinceOfCase, type ProvinceFrom } from './province-of-case.js';
import { repeats } from './repeats.js';
import { needsEvidence, type Complainant, type Complaint, type ComplaintClock } from './complaint.js';
import type { ComplaintKind, ComplaintSource, RuleTable } from '../clock/deadline-rule.js';
import type { AgentId, CallId, QueueId, ComplaintId } from '../../shared/domain/ids.js';

export interface OpenComplaint {
  /** Set when the same complaint may arrive again; it is then opened only once. */
  readonly id?: string | undefined;
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly text: string;
  /** The whole number, a call whose number is then used, or a mail address. One of them is required. */
  readonly number?: string | undefined;
  readonly callId?: CallId | undefined;
  readonly mail?: string | undefined;
  readonly name?: string | undefined;
  readonly province?: string | undefined;
  readonly clientUnit?: string | undefined;
  /** The agent whom the complaint is about, if no call says it. */
  readonly againstAgentId?: string | undefined;
  readonly eventAt?: Date | undefined;
  readonly receivedAt?: Date | undefined;
  /** The scope of the person who opens it; without it, everything. The case must lie within it. */
  readonly within?: CaseScope | undefined;
}

/** Fields of a case that may be missing when it is opened. */
interface PlacedCase {
  readonly receivedAt: Date;
  readonly province: string;
  readonly provinceFrom: ProvinceFrom;
  readonly queueId?: QueueId | undefined;
}

const noSuchCall = (): CallCentreError => new CallCentreError('no-such-call', 'There is no such call.');

/** The number of calls of the number that are linked and held. */
const LINKED_CALLS = 50;

/** A new case, before its calls are linked. */
function createDrafts({ now, newId, hashNumber, hashMail, sealer, dateOf }: CaseDependencies) {
  /** The complainant as stored in the case: masked, hashed, and sealed. */
  function complainantOf(
    id: ComplaintId,
    { number, mail, name }: { number?: string | undefined; mail?: string | undefined; name?: string | undefined },
  ): Complainant {
    const address = mail?.trim().toLowerCase();
    const numberHash = number !== undefined ? hashNumber(number) : address !== undefined ? hashMail(address) : undefined;
    return {
      numberMasked: number !== undefined ? maskNumber(number) : address !== undefined ? maskMail(address) : WITHHELD,
      ...(numberHash === undefined ? {} : { numberHash }),
      sealed: {
        ...(number === undefined ? {} : { number: sealer.seal(number, id) }),
        ...(address === undefined ? {} : { mail: sealer.seal(address, id) }),
      },
      reachable: [...(number === undefined ? [] : ['sms' as const]), ...(address === undefined ? [] : ['mail' as const])],
      ...(name === undefined || name === '' ? {} : { name }),
    };
  }

  function draft(
    wanted: Omit<OpenComplaint, 'receivedAt' | 'province'> & PlacedCase,
    number: string | undefined,
    serial: number,
    by: string,
    clock: ComplaintClock,
    id = newId(),
  ): Complaint {
    const { source, kind, province, provinceFrom, text, clientUnit, queueId, eventAt, receivedAt, againstAgentId } = wanted;
    return {
      id,
      number: `TS${dateOf(receivedAt).replaceAll('-', '')}-${String(serial).padStart(4, '0')}`,
      state: 'open',
      source,
      kind,
      province,
      provinceFrom,
      complainant: complainantOf(id, { number, mail: wanted.mail, name: wanted.name }),
      text,
      receivedAt,
      callIds: [],
      clocks: [clock],
      answers: [],
      evidence: [],
      actions: [{ at: now(), by, what: 'opened' }],
      revision: 1,
      ...(needsEvidence(kind) ? { consentAtIssue: true } : {}),
      ...(clientUnit === undefined ? {} : { clientUnit }),
      ...(queueId === undefined ? {} : { queueId }),
      ...(eventAt === undefined ? {} : { eventAt }),
      ...(againstAgentId === undefined ? {} : { againstAgentId }),
    };
  }
  return draft;
}

/** Joins cases that repeat another one. */
function createRepeats({ complaints, now }: CaseDependencies) {
  /** The running case of the same number that this one repeats. */
  async function repeated(complaint: Complaint): Promise<Complaint | undefined> {
    const { numberHash } = complaint.complainant;
    // Two people without number and address are not the same person: each has a case and a clock.
    const candidates = numberHash === undefined ? [] : await complaints.runningOfNumber(numberHash);
    return candidates.find((other) => repeats(complaint, other));
  }

  async function joinTo(first: Complaint, joined: Complaint, by: string): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      const current = await complaints.byId(first.id);
      if (current === undefined) return;
      const next: Complaint = {
        ...current,
        callIds: [...new Set([...current.callIds, ...joined.callIds])],
        actions: [...current.actions, { at: now(), by, what: 'joined', text: joined.number }],
        revision: current.revision + 1,
      };
      if (await complaints.replace(next)) return;
    }
    throw new CallCentreError('wrong-state', 'Somebody else is changing this case; please open it again.');
  }
  return { repeated, joinTo };
}

/** Tells a complainant the number of the case by mail, if a mail server is configured. */
async function sendReceipt(
  { messenger, audit }: CaseDependencies,
  { id, number, complainant }: Complaint,
  mail: string | undefined,
  from: string,
): Promise<void> {
  if (mail === undefined || complainant.sealed?.mail === undefined || !messenger.canSend('mail')) return;
  await messenger.queue({
    messageId: `receipt-${id}`,
    way: 'mail',
    to: mail,
    subject: `投诉受理编号 / Complaint number ${number}`,
    text: [
      `您的投诉已受理,编号:${number}。我们将在规定期限内答复您。`,
      '',
      `Your complaint has been received. Its number is ${number}. You will get an answer within the time set by law.`,
    ].join('\n'),
    topic: { kind: 'complaint-receipt', id },
  });
  await audit({ who: 'system:complaints', what: 'complaint.receipt-queued', object: id, from, success: true });
}

/** The client unit of the case: that of the call, the given one, or the only one of the person who opens it. */
function placeOf(
  by: string,
  { within = WHOLE_CENTRE, clientUnit }: OpenComplaint,
  call: { readonly agentId?: AgentId; readonly clientUnit?: string; readonly queueId?: QueueId } | undefined,
): { readonly clientUnit: string | undefined; readonly queueId: QueueId | undefined } {
  // An agent who had the call may open a complaint about it.
  const { clientUnits, queues } = call?.agentId === by ? WHOLE_CENTRE : within;
  if (call !== undefined && !(withinScope(clientUnits, call.clientUnit) && withinScope(queues, call.queueId))) throw noSuchCall();
  const unit = clientUnit ?? call?.clientUnit ?? (clientUnits.length === 1 ? clientUnits[0] : undefined);
  if (!withinScope(clientUnits, unit))
    throw new CallCentreError('invalid-request', 'Which of your client units does it concern?', {
      details: [{ at: 'clientUnit', message: unit === undefined ? 'missing' : 'not one of yours' }],
    });
  return { clientUnit: unit, queueId: call?.queueId ?? queues[0] };
}

/** Opens cases: number, clock, linked calls under hold, and joining with a case that it repeats. */
export function createCaseOpening(needs: CaseDependencies) {
  const { complaints, rules, calls, holds, doNotCall, bus, audit, now, sealer, dateOf, defaultProvince } = needs;
  const draft = createDrafts(needs);
  const { repeated, joinTo } = createRepeats(needs);

  async function table(): Promise<RuleTable> {
    const newest = await rules.newest();
    if (newest === undefined) throw new CallCentreError('wrong-state', 'There are no deadline rules yet.');
    return newest;
  }

  /** The recordings stay as long as the case needs them. From now on a person who did not want to be called is not called again. */
  async function protect(complaint: Complaint): Promise<void> {
    await holds.hold(complaint.callIds, holdOf(complaint));
    const sealed = complaint.complainant.sealed?.number;
    if (needsEvidence(complaint.kind) && sealed !== undefined)
      await doNotCall.add(sealer.open(sealed, complaint.id), complaint.kind, holdOf(complaint));
  }

  return {
    table,
    draft,
    repeated,
    protect,
    joinTo,

    /** Opens one case and returns it. The complainant gets its number. */
    async open(by: string, wanted: OpenComplaint, from: string): Promise<Complaint> {
      const call = wanted.callId === undefined ? undefined : await calls.callerOf(wanted.callId);
      if (wanted.callId !== undefined && call === undefined) throw noSuchCall();
      const ofCall = call === undefined ? undefined : identityOf(call.number);
      const number = ofCall ?? (wanted.number === undefined ? undefined : normaliseNumber(wanted.number));
      if (number === undefined && wanted.mail === undefined && call === undefined)
        throw new CallCentreError('invalid-request', 'A number or a call is needed.', { details: [{ at: 'number', message: 'missing' }] });
      const at = now();
      const receivedAt = wanted.receivedAt ?? at;
      if (receivedAt > at)
        throw new CallCentreError('invalid-request', 'A complaint cannot be received in the future.', {
          details: [{ at: 'receivedAt', message: 'in the future' }],
        });
      const { clientUnit, queueId } = placeOf(by, wanted, call);
      const [current, calendar] = await Promise.all([table(), rules.calendars()]);
      const placed = provinceOfCase({ stated: wanted.province, text: wanted.text, number, site: defaultProvince });
      const clock = clockFor(needs, current, calendar, questionOf({ ...wanted, ...placed }, defaultProvince), receivedAt);
      const eventAt = wanted.eventAt ?? call?.at;
      const againstAgentId = call?.agentId ?? wanted.againstAgentId;
      const serial = await complaints.nextNumber(dateOf(receivedAt));
      const complaint = draft(
        { ...wanted, ...placed, clientUnit, queueId, receivedAt, eventAt, againstAgentId },
        number,
        serial,
        by,
        clock,
        wanted.id,
      );
      const { numberHash } = complaint.complainant;
      const linked = numberHash === undefined ? [] : await calls.find(numberHash, LINKED_CALLS, clientUnit);
      const callIds = [...new Set([...(wanted.callId === undefined ? [] : [wanted.callId]), ...linked])];
      const first = await repeated(complaint);
      const whole: Complaint = { ...complaint, callIds, ...(first === undefined ? {} : { joinedInto: first.id }) };
      await audit({ who: by, what: 'complaint.opened', object: whole.id, from, success: true });
      await complaints.add([whole]);
      if (first !== undefined) await joinTo(first, whole, by);
      await protect(whole);
      await bus.publish('complaint.opened', {
        complaintId: whole.id,
        number: whole.number,
        kind: whole.kind,
        at: at.toISOString(),
        dueAt: clock.dueAt.toISOString(),
        ...(wanted.callId === undefined ? {} : { callId: wanted.callId }),
      });
      await sendReceipt(needs, whole, wanted.mail, from);
      return whole;
    },
  };
}
export type CaseOpening = ReturnType<typeof createCaseOpening>;
