import { CallCentreError } from '../shared/domain/failure.js';
import { maskNumber, normaliseNumber } from '../shared/domain/phone-number.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Audit } from '../shared/platform/route.js';
import { advance, type Complaint, type ComplaintClock, type ComplaintEvent, type Refusal } from './complaint.js';
import { ruleFor, type ComplaintKind, type ComplaintSource, type RuleTable } from './deadline-rule.js';
import type { CallsOfNumber, ComplaintStore, DoNotCall, Messenger, RecordingHolds, RuleStore } from './ports.js';
import { readImport } from './import-lines.js';
import { dueDate, type Calendar } from './working-days.js';

export interface ComplaintDependencies {
  readonly complaints: ComplaintStore;
  readonly rules: RuleStore;
  readonly calls: CallsOfNumber;
  readonly holds: RecordingHolds;
  readonly doNotCall: DoNotCall;
  readonly messenger: Messenger;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly hashNumber: (number: string) => string;
  /** The site's date of a moment, and the last moment of a date. */
  readonly dateOf: (at: Date) => string;
  readonly endOf: (date: string) => Date;
  readonly defaultProvince: string;
}

export interface OpenComplaint {
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly text: string;
  /** Whole; or a call, whose number is then taken. One of the two must be there. */
  readonly number?: string | undefined;
  readonly callId?: string | undefined;
  readonly name?: string | undefined;
  readonly province?: string | undefined;
  readonly clientUnit?: string | undefined;
  readonly eventAt?: Date | undefined;
  readonly receivedAt?: Date | undefined;
}

/** How many calls of the number are linked and held. */
const LINKED_CALLS = 50;
/** A complaint of the same number and kind within this time is joined to the first. */
const REPEAT_WITHIN_MS = 30 * 86_400_000;

const refusalWords: Record<Refusal, string> = {
  'wrong-state': 'The case is in another state.',
  'text-missing': 'Please write what was done.',
  'not-answered': 'The case has not been answered yet.',
  'complained-about': 'Whoever is complained about cannot close the case.',
  'evidence-missing': 'Attach the evidence of consent or the corrective action first.',
  'satisfaction-missing': "An appeal needs the complainant's word on the answer.",
  'recorded-call-missing': 'Name the recorded call of the answer.',
  'already-joined': 'This case is joined into another; work on that one.',
};

export function createComplaintService(needs: ComplaintDependencies) {
  const { complaints, rules, calls, holds, doNotCall, messenger, bus, audit, now, newId, hashNumber, dateOf, endOf, defaultProvince } =
    needs;

  async function table(): Promise<RuleTable> {
    const newest = await rules.newest();
    if (newest === undefined) throw new CallCentreError('wrong-state', 'There are no deadline rules yet.');
    return newest;
  }

  function clockFor(
    { rules: all, version }: RuleTable,
    calendar: Calendar,
    asked: { province: string; kind: ComplaintKind; source: ComplaintSource },
    startedAt: Date,
  ): ComplaintClock {
    const rule = ruleFor(all, asked);
    if (rule === undefined) throw new CallCentreError('wrong-state', 'No deadline rule fits this complaint.');
    const from = dateOf(startedAt);
    const due = dueDate(from, rule.answer.days, rule.answer.unit, calendar);
    const target = dueDate(from, rule.target.days, rule.target.unit, calendar);
    const provisionalYear = due.provisionalYear ?? target.provisionalYear;
    return {
      ruleId: rule.id,
      ruleVersion: version,
      basis: rule.basis,
      confirmed: rule.confirmed,
      startedAt,
      dueAt: endOf(due.date),
      targetAt: endOf(target.date < due.date ? target.date : due.date),
      ...(provisionalYear === undefined ? {} : { provisionalYear }),
    };
  }

  /** Opens a case: number, clock, linked calls under hold, joined when it repeats one. Answers the number that the complainant gets. */
  async function open(by: string, wanted: OpenComplaint, from: string): Promise<Complaint> {
    const call = wanted.callId === undefined ? undefined : await calls.callerOf(wanted.callId);
    if (wanted.callId !== undefined && call === undefined) throw new CallCentreError('no-such-call', 'There is no such call.');
    const number = call?.number ?? (wanted.number === undefined ? undefined : normaliseNumber(wanted.number));
    if (number === undefined)
      throw new CallCentreError('invalid-request', 'A number or a call is needed.', { details: [{ at: 'number', message: 'missing' }] });
    const at = now();
    const receivedAt = wanted.receivedAt ?? at;
    if (receivedAt > at)
      throw new CallCentreError('invalid-request', 'A complaint cannot be received in the future.', {
        details: [{ at: 'receivedAt', message: 'in the future' }],
      });
    const clientUnit = wanted.clientUnit ?? call?.clientUnit;
    const [current, calendar, serial] = await Promise.all([table(), rules.calendars(), complaints.nextNumber(dateOf(receivedAt))]);
    const complaint = draft(
      { ...wanted, clientUnit, receivedAt, eventAt: wanted.eventAt ?? call?.at },
      number,
      serial,
      by,
      clockFor(current, calendar, questionOf(wanted), receivedAt),
    );
    const linked = await calls.find(complaint.complainant.numberHash, LINKED_CALLS);
    const callIds = [...new Set([...(wanted.callId === undefined ? [] : [wanted.callId]), ...linked.map(({ callId }) => callId)])];
    const first = (await complaints.openOfNumber(complaint.complainant.numberHash)).find(
      (other) => other.kind === complaint.kind && receivedAt.getTime() - other.receivedAt.getTime() < REPEAT_WITHIN_MS,
    );
    const whole: Complaint = {
      ...complaint,
      callIds,
      ...(call?.agentId === undefined ? {} : { againstAgentId: call.agentId }),
      ...(first === undefined ? {} : { joinedInto: first.id }),
    };
    await audit({ who: by, what: 'complaint.opened', object: whole.id, from, success: true });
    await complaints.add([whole]);
    if (first !== undefined) await joinTo(first, whole, by);
    await protect(whole, number);
    await bus.publish('complaint.opened', {
      complaintId: whole.id,
      number: whole.number,
      kind: whole.kind,
      at: at.toISOString(),
      dueAt: (whole.clocks[0]?.dueAt ?? at).toISOString(),
      ...(wanted.callId === undefined ? {} : { callId: wanted.callId }),
    });
    return whole;
  }

  const questionOf = ({ province, kind, source }: OpenComplaint): { province: string; kind: ComplaintKind; source: ComplaintSource } => ({
    province: province ?? defaultProvince,
    kind,
    source,
  });

  function draft(
    wanted: OpenComplaint & { readonly receivedAt: Date },
    number: string,
    serial: number,
    by: string,
    clock: ComplaintClock,
  ): Complaint {
    const { source, kind, text, name, clientUnit, eventAt, receivedAt } = wanted;
    return {
      id: newId(),
      number: `TS${dateOf(receivedAt).replaceAll('-', '')}-${String(serial).padStart(4, '0')}`,
      state: 'open',
      source,
      kind,
      province: wanted.province ?? defaultProvince,
      complainant: { numberMasked: maskNumber(number), numberHash: hashNumber(number), ...(name === undefined ? {} : { name }) },
      text,
      receivedAt,
      callIds: [],
      clocks: [clock],
      answers: [],
      evidence: [],
      actions: [{ at: now(), by, what: 'opened' }],
      revision: 1,
      ...(clientUnit === undefined ? {} : { clientUnit }),
      ...(eventAt === undefined ? {} : { eventAt }),
    };
  }

  /** The recordings stay as long as the case needs them, and a number that did not want to be called is not called again from now on. */
  async function protect(complaint: Complaint, number: string): Promise<void> {
    await holds.hold(complaint.callIds, `complaint ${complaint.number}`);
    if (complaint.kind === 'harassment' || complaint.kind === 'called-after-refusal')
      await doNotCall.add(number, complaint.kind, `complaint ${complaint.number}`);
  }

  async function joinTo(first: Complaint, joined: Complaint, by: string): Promise<void> {
    await rewrite(first.id, (current) => ({
      ...current,
      callIds: [...new Set([...current.callIds, ...joined.callIds])],
      actions: [...current.actions, { at: now(), by, what: 'joined', text: joined.number }],
      revision: current.revision + 1,
    }));
  }

  /** Reads, changes, and writes only what nobody else has changed meanwhile. */
  async function rewrite(id: string, change: (current: Complaint) => Complaint): Promise<Complaint> {
    for (let tries = 0; tries < 5; tries += 1) {
      const current = await complaints.byId(id);
      if (current === undefined) throw new CallCentreError('not-found', 'There is no such case.');
      const next = change(current);
      if (await complaints.replace(next)) return next;
    }
    throw new CallCentreError('wrong-state', 'Others are changing this case; please look at it again.');
  }

  /** One step of the work. `revision` is what the person saw: two who close at once do not both win. */
  async function act(by: string, id: string, event: ComplaintEvent, from: string, revision?: number): Promise<Complaint> {
    const before = await complaints.byId(id);
    if (before === undefined) throw new CallCentreError('not-found', 'There is no such case.');
    if (revision !== undefined && revision !== before.revision)
      throw new CallCentreError('wrong-state', 'Somebody changed this case meanwhile; please look at it again.');
    const advanced = advance(before, event, by, now());
    if ('refused' in advanced) {
      await audit({ who: by, what: `complaint.${event.type}`, object: id, from, success: false, reason: advanced.refused });
      throw new CallCentreError('wrong-state', refusalWords[advanced.refused], { details: { refused: advanced.refused } });
    }
    await audit({
      who: by,
      what: `complaint.${event.type}`,
      object: id,
      from,
      success: true,
      before: before.state,
      after: advanced.complaint.state,
    });
    if (!(await complaints.replace(advanced.complaint)))
      throw new CallCentreError('wrong-state', 'Somebody changed this case meanwhile; please look at it again.');
    await bus.publish('complaint.changed', { complaintId: id, at: now().toISOString(), state: advanced.complaint.state });
    return advanced.complaint;
  }

  return {
    open,
    act,

    async reopen(by: string, id: string, text: string, from: string): Promise<Complaint> {
      const complaint = await complaints.byId(id);
      if (complaint === undefined) throw new CallCentreError('not-found', 'There is no such case.');
      const [current, calendar] = await Promise.all([table(), rules.calendars()]);
      const again = await act(by, id, { type: 'reopen', text, clock: clockFor(current, calendar, complaint, now()) }, from);
      await holds.hold(again.callIds, `complaint ${again.number}`);
      return again;
    },

    /** An answer by SMS or mail is sent before it is written down as given; one that cannot be sent is no answer. */
    async answer(
      by: string,
      id: string,
      given: Extract<ComplaintEvent, { type: 'answer' }>,
      to: string | undefined,
      from: string,
    ): Promise<Complaint> {
      if (given.how === 'sms' || given.how === 'mail') {
        if (to === undefined)
          throw new CallCentreError('invalid-request', 'Where should the answer go?', { details: [{ at: 'to', message: 'missing' }] });
        const complaint = await complaints.byId(id);
        await messenger.send({ how: given.how, to, subject: complaint?.number ?? '', text: given.text });
      }
      return act(by, id, given, from);
    },

    /** All lines or none. */
    async importLines(
      by: string,
      rows: readonly Record<string, unknown>[],
      from: string,
      progress: (done: number) => void = () => undefined,
    ): Promise<{ readonly imported: number }> {
      const { lines, faults } = readImport(rows);
      if (faults.length > 0)
        throw new CallCentreError('invalid-request', 'Nothing was imported: some lines are wrong.', {
          details: { faults: faults.slice(0, 500), faultCount: faults.length },
        });
      const [current, calendar] = await Promise.all([table(), rules.calendars()]);
      const perDate = new Map<string, (typeof lines)[number][]>();
      for (const line of lines) perDate.set(dateOf(line.receivedAt), [...(perDate.get(dateOf(line.receivedAt)) ?? []), line]);
      await audit({ who: by, what: 'complaint.imported', from, success: true, after: { lines: lines.length } });
      let done = 0;
      for (const [date, ofDate] of perDate) {
        let serial = await complaints.nextNumber(date, ofDate.length);
        const made = ofDate.map((line) =>
          draft(line, line.number, serial++, by, clockFor(current, calendar, questionOf(line), line.receivedAt)),
        );
        for (let at = 0; at < made.length; at += 500) {
          await complaints.add(made.slice(at, at + 500));
          done += Math.min(500, made.length - at);
          progress(done);
        }
        for (const [i, line] of ofDate.entries())
          if (line.kind === 'harassment' || line.kind === 'called-after-refusal')
            await doNotCall.add(line.number, line.kind, `complaint ${made[i]?.number ?? ''}`);
      }
      return { imported: done };
    },
  };
}
export type ComplaintService = ReturnType<typeof createComplaintService>;
