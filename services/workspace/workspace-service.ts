import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { AgentDay, Briefing, CallPaperwork, Contact, ContactEntry, SeatCallback, Worksheet } from '../shared/contracts/workspace.js';
import { CallCentreError, failureOf } from '../shared/domain/failure.js';
import { mayUse, type Principal } from '../shared/domain/people/rights.js';
import type { EventBus, EventOf } from '../shared/events/catalogue.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { isScoped } from '../shared/platform/reach/reach.js';
import type { ScriptBook } from '../shared/platform/stores/script-book.js';
import type { Audit } from '../shared/platform/http/route.js';
import { agentDay } from './agent-day.js';
import { entryFaults, forOthers } from './contact.js';
import { createOneCallback } from './one-callback.js';
import type { AgentFigures, CallbackStore, CallFacts, CentreRecords, ContactStore, WorksheetStore } from './ports.js';
import type { AgentId, CallId, QueueId } from '../shared/domain/ids.js';

const EARLIER = 10;
const MOST_OPEN = 500;
const REVIEW_DAYS_MS = 30 * 86_400_000;

export interface WorkspaceNeeds {
  readonly worksheets: WorksheetStore;
  readonly contacts: ContactStore;
  readonly scripts: ScriptBook;
  readonly callbacks: CallbackStore;
  readonly records: CentreRecords;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'queues'>;
  /** The hashes under which the caller of a call is known: a customer may have several numbers. */
  readonly hashesOf: (call: { readonly called: string; readonly callerHash: string }) => Promise<readonly string[]>;
  /** The name of the campaign to which a call out belongs. */
  readonly campaignOf: (callId: CallId) => Promise<string | undefined>;
  /** The agent's figures since a moment, as the reports have them. */
  readonly figuresOf: (agentId: AgentId, from: Date) => Promise<AgentFigures>;
  readonly now: () => Date;
  readonly newId: () => string;
  /** The latest midnight at the site before `now`. */
  readonly midnight: () => Date;
}

const withheld = (): CallCentreError => new CallCentreError('not-supported', 'The caller has withheld the number.');

export type WorkspaceService = ReturnType<typeof createWorkspaceService>;

/** Who may work on which call. */
function createCallFacts({ records, commands, hashesOf }: WorkspaceNeeds) {
  /** The facts of a live call, as telephony knows them. */
  async function liveCall(callId: CallId): Promise<CallFacts | undefined> {
    const known = await commands.send('call.caller-hash', { callId }).catch(() => undefined);
    if (known === undefined) return undefined;
    const { callerHash, queueId, ...facts } = known;
    return { callId, callerHash, ...facts, ...(queueId === undefined ? {} : { queueId }) };
  }

  /** The call, when this person may work on it: it rang at their seat, they were in it, or they are a supervisor. */
  async function callFor(principal: Principal, callId: CallId): Promise<CallFacts> {
    const call = (await liveCall(callId)) ?? (await records.endedCall(callId));
    if (call !== undefined) {
      if (call.agentIds.includes(principal.userId)) return call;
      // The authorisation point has checked which calls a supervisor reaches.
      if (mayUse(principal, 'calls.read')) return call;
    }
    throw new CallCentreError('not-found', 'No such call.');
  }

  /** Empty for a caller who withheld the number. */
  const hashesFor = async ({ called, callerHash }: CallFacts): Promise<readonly string[]> =>
    callerHash === undefined ? [] : hashesOf({ called, callerHash });

  return { liveCall, callFor, hashesFor };
}
type KnownCalls = ReturnType<typeof createCallFacts>;

/** Which callbacks a person reaches. */
function createPromiseReach({ callbacks, places, commands }: WorkspaceNeeds) {
  /** A callback of a queue that this supervisor sees. */
  async function supervised(principal: Principal, id: string): Promise<SeatCallback> {
    const callback = await callbacks.one(id);
    if (callback === undefined || !(await inReach(principal))(callback))
      throw new CallCentreError('not-found', 'There is no such callback.');
    return callback;
  }

  async function inReach(principal: Principal): Promise<(callback: SeatCallback) => boolean> {
    const [scoped, mine] = [isScoped(principal), await places.queues(principal, 'read')];
    return ({ queueId }) => !scoped || mine(queueId);
  }

  async function queuesOf(agentId: AgentId): Promise<readonly string[]> {
    const [agent] = await commands.send('agents.list', { agentId }).catch(() => []);
    return agent?.queues ?? [];
  }

  /** A callback of this agent, of a queue that the agent serves, or of a queue that this supervisor sees. */
  async function reachedAtSeat(principal: Principal, id: string): Promise<SeatCallback> {
    const [callback, reached] = await Promise.all([callbacks.one(id), inReach(principal)]);
    const supervises = mayUse(principal, 'agents.control') && callback !== undefined && reached(callback);
    const own =
      callback?.agentId === principal.userId ||
      (callback?.queueId !== undefined && (await queuesOf(principal.userId)).includes(callback.queueId));
    if (callback === undefined || !(own || supervises)) throw new CallCentreError('not-found', 'There is no such callback.');
    return callback;
  }

  /** For a callback of another queue, only its existence, its owner and its time, without what was written about it. */
  async function told(principal: Principal, callback: SeatCallback): Promise<SeatCallback> {
    return callback.agentId === principal.userId || (await inReach(principal))(callback) ? callback : { ...callback, note: '', tries: [] };
  }

  return { supervised, queuesOf, reachedAtSeat, told };
}

/** What is kept of a call for its page: everything that was written, and what came of it. */
function createPaperwork(needs: WorkspaceNeeds, { callFor }: KnownCalls) {
  const { worksheets, contacts, callbacks, records, scripts } = needs;
  const { told } = createPromiseReach(needs);
  return async function paperwork(principal: Principal, callId: CallId): Promise<CallPaperwork> {
    const call = await callFor(principal, callId);
    const [sheets, client, complaints, promised, written, texts] = await Promise.all([
      worksheets.all(),
      records.client(call.called),
      records.complaintsOfCall(callId),
      callbacks.ofCall(callId),
      contacts.of(callId),
      scripts.of((call.scripts ?? []).map(({ scriptId }) => scriptId)),
    ]);
    const queueOf = (contact: Contact): QueueId | undefined => contact.queueId ?? call.queueId;
    const queues = new Set(written.map(queueOf));
    return {
      // The writer's own entry is shortened too: the page of a call stays open on screens long after the call.
      written: written.map((contact) =>
        forOthers(
          contact,
          sheets.find(({ queueId }) => queueId === queueOf(contact)),
        ),
      ),
      worksheets: sheets
        .filter(({ queueId }) => queues.has(queueId as QueueId))
        .map(({ queueId, fields, dispositions }) => ({ queueId, fields, dispositions })),
      client: client === null ? null : { name: client.name },
      scripts: (call.scripts ?? []).flatMap(({ scriptId, agentId, at }) => {
        const text = texts.get(scriptId);
        return text === undefined ? [] : [{ ...text, scriptId, agentId, shownAt: at.toISOString(), at: text.at.toISOString() }];
      }),
      complaints,
      // A callback that was promised in this call is as much its paperwork as the notes; one of another call may be of a queue out of reach.
      callbacks: await Promise.all(promised.map(async (callback) => (callback.callId === callId ? callback : told(principal, callback)))),
    };
  };
}

/** Callbacks that agents have promised: to whom they belong, and who makes them. */
function createPromises(needs: WorkspaceNeeds, { callFor }: KnownCalls) {
  const { callbacks, records, commands, audit, now, newId } = needs;
  const { queuesOf, reachedAtSeat, told } = createPromiseReach(needs);
  const oneCallback = createOneCallback(needs);

  return {
    async promise(
      principal: Principal,
      callId: CallId,
      wanted: { readonly dueAt: Date; readonly note: string; readonly whose: 'mine' | 'queue' },
    ): Promise<SeatCallback> {
      if (wanted.dueAt <= now()) throw new CallCentreError('invalid-request', 'The time has passed.', { details: [{ at: 'dueAt' }] });
      const call = await callFor(principal, callId);
      if (call.callerHash === undefined) throw withheld();
      const { callerHash } = call;
      const make = (): SeatCallback => ({
        id: newId(),
        callId,
        callerMasked: call.callerMasked,
        dueAt: wanted.dueAt.toISOString(),
        note: wanted.note,
        state: 'open',
        tries: [],
        ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
        // Without a queue the callback would belong to nobody.
        ...(wanted.whose === 'mine' || call.queueId === undefined ? { agentId: principal.userId } : {}),
      });
      const clientUnit = await records.unitOf(call.called);
      return told(principal, await oneCallback.promise({ callerHash, clientUnit }, call, make));
    },

    /** Routing has reached a person who kept a place in line: whatever was promised at a seat before that call is kept by it. */
    async reachedInTurn({ callerHash, clientUnit, outboundId, agentId, at }: EventOf<'callback.reached'>): Promise<void> {
      const open = await callbacks.openOfPerson({ callerHash, clientUnit });
      const isOfThatCall = [open, ...(open?.also ?? [])].some((each) => each?.callId === outboundId);
      if (open !== undefined && !isOfThatCall) await callbacks.reached(open.id, { callId: outboundId, by: agentId, at });
    },

    /** Calls back at once. A call that cannot be dialled leaves nothing behind, and neither does a page or process that dies in between. */
    async callBack(principal: Principal, callId: CallId, from: string): Promise<{ readonly callId: CallId }> {
      const call = await callFor(principal, callId);
      if (call.callerHash === undefined) throw withheld();
      await audit({ who: principal.userId, what: 'callback.dialled', object: `call:${callId}`, from, success: true });
      return commands.send('call.call-back', { callId, agentId: principal.userId }, { timeoutMs: 10_000 });
    },

    async promises(principal: Principal): Promise<SeatCallback[]> {
      return callbacks.openFor(principal.userId, [...(await queuesOf(principal.userId))]);
    },

    /** Calls back from the seat of the person who asks. */
    async keep(principal: Principal, id: string, from: string): Promise<{ readonly callId: CallId }> {
      const callback = await reachedAtSeat(principal, id);
      if (callback.agentId !== undefined && callback.agentId !== principal.userId)
        throw new CallCentreError('wrong-state', 'Somebody else has taken this callback.');
      // The person may have booked a place-keeping callback since then; people who are called twice complain.
      const person = await callbacks.personOf(id);
      if (person !== undefined) await oneCallback.refuseKept(person);
      await audit({ who: principal.userId, what: 'callback.dialled', object: `call:${callback.callId}`, from, success: true });
      const { callId } = await commands.send(
        'call.call-back',
        { callId: callback.callId, agentId: principal.userId },
        { timeoutMs: 10_000 },
      );
      if (!(await callbacks.tried(id, { callId, by: principal.userId, at: now().toISOString() })))
        throw new CallCentreError('wrong-state', 'Somebody else has taken this callback.');
      return { callId };
    },
  };
}

/** What supervisors see and decide of promised callbacks. */
function createPromiseControl(needs: WorkspaceNeeds) {
  const { callbacks, commands, audit, places } = needs;
  const { supervised, reachedAtSeat, told } = createPromiseReach(needs);
  return {
    /** All callbacks promised at the seats of the supervisor's queues, by time. */
    async openPromises(principal: Principal): Promise<SeatCallback[]> {
      if (!isScoped(principal)) return callbacks.open({ limit: MOST_OPEN });
      const mine = await places.queues(principal, 'read');
      const queues = (await commands.send('queues.list', {})).map(({ queueId }) => queueId).filter(mine);
      if (queues.length === 0) return [];
      return Promise.all((await callbacks.open({ limit: MOST_OPEN, queues })).map((callback) => told(principal, callback)));
    },

    /** Hands a callback to another agent, or to anybody in its queue. */
    async assign(principal: Principal, id: string, agentId: AgentId | undefined, from: string): Promise<void> {
      const callback = await supervised(principal, id);
      if (agentId !== undefined && (await commands.send('agents.list', { agentId })).length === 0)
        throw new CallCentreError('invalid-request', 'There is no such seat.', { details: [{ at: 'agentId' }] });
      await audit({
        who: principal.userId,
        what: 'callback.assigned',
        object: `call:${callback.callId}`,
        from,
        success: true,
        before: { agentId: callback.agentId },
        after: { agentId },
      });
      if (!(await callbacks.assign(id, agentId))) throw new CallCentreError('wrong-state', 'This callback is closed, or has no queue.');
    },

    async closePromise(principal: Principal, id: string, state: 'done' | 'cancelled', from: string): Promise<void> {
      const callback = await reachedAtSeat(principal, id);
      if (callback.agentId !== undefined && callback.agentId !== principal.userId) {
        if (!mayUse(principal, 'agents.control')) throw new CallCentreError('not-allowed', "This callback is somebody else's.");
        await supervised(principal, id);
        const object = `call:${callback.callId}`;
        await audit({ who: principal.userId, what: 'callback.closed', object, from, success: true, after: { state } });
      }
      if (!(await callbacks.close(id, state))) throw new CallCentreError('wrong-state', 'This callback is already closed.');
    },
  };
}

/** Those of the two that are known. */
const factsOf = (queueId: QueueId | undefined, callerHash: string | undefined): { queueId?: QueueId; callerHash?: string } => ({
  ...(queueId === undefined ? {} : { queueId }),
  ...(callerHash === undefined ? {} : { callerHash }),
});

/** Keeps what an agent of a call out is given to say, and tells telephony, for the record of the call. */
const createSaid =
  ({ scripts, commands }: WorkspaceNeeds) =>
  async (
    { userId }: Principal,
    { callId, direction, agentIds, called, queueId }: CallFacts,
    client: Briefing['client'],
    sheets: readonly Worksheet[],
  ): Promise<void> => {
    const sheet = sheets.find((each) => each.queueId === queueId);
    if (direction !== 'outbound' || !agentIds.includes(userId) || (client === null && sheet === undefined)) return;
    const scriptId = await scripts.keep({
      of: 'seat',
      subject: sheet?.queueId ?? called,
      name: client?.name ?? '',
      greeting: client?.greeting ?? '',
      script: sheet?.script ?? { 'zh-CN': '', en: '' },
      fields: (sheet?.fields ?? []).map(({ label }) => label),
    });
    // The call may have ended, and telephony may be away: the agent works on with the wording that the page has.
    await commands.send('call.script-shown', { callId, agentId: userId, scriptId }).catch((error: unknown) => {
      if (!['no-such-call', 'service-unavailable', 'timed-out'].includes(failureOf(error))) throw error;
    });
  };

/** What an agent knows about a call and writes about it, and the agent's own day. */
export function createWorkspaceService(needs: WorkspaceNeeds) {
  const { worksheets, contacts, records, campaignOf, figuresOf, bus, now, midnight } = needs;
  const known = createCallFacts(needs);
  const { liveCall, callFor } = known;

  const said = createSaid(needs);

  async function briefing(principal: Principal, callId: CallId): Promise<Briefing> {
    const call = await callFor(principal, callId);
    const hashes = await known.hashesFor(call);
    const [sheets, client, stickyNote, openComplaints, complaintsOfCall, earlier, written, campaign] = await Promise.all([
      worksheets.all(),
      records.client(call.called),
      call.callerHash === undefined ? null : contacts.sticky(call.callerHash),
      hashes.length === 0 ? [] : records.openComplaints(hashes),
      records.complaintsOfCall(callId),
      hashes.length === 0 ? [] : contacts.ofCaller(hashes, EARLIER + 5),
      contacts.of(callId),
      call.direction === 'outbound' ? campaignOf(callId) : undefined,
    ]);
    await said(principal, call, client, sheets);
    const sheetOf = (queueId: QueueId | undefined): Worksheet | undefined => sheets.find((sheet) => sheet.queueId === queueId);
    const seen = (contact: Contact): Contact => forOthers(contact, sheetOf(contact.queueId ?? call.queueId));
    return {
      worksheet: sheetOf(call.queueId) ?? null,
      client,
      withheld: call.callerHash === undefined,
      ...(call.direction === 'outbound' ? { callOut: { from: call.called, ...(campaign === undefined ? {} : { campaign }) } } : {}),
      stickyNote,
      openComplaints,
      complaintsOfCall,
      earlier: earlier
        .filter((contact) => contact.callId !== callId)
        .slice(0, EARLIER)
        .map(seen),
      written: written.map((contact) => (contact.agentId === principal.userId ? contact : seen(contact))),
    };
  }

  /** An existing entry belongs to this agent, even in the moment between the end of a call and its record. */
  async function factsFor(principal: Principal, callId: CallId): Promise<{ queueId?: QueueId; callerHash?: string }> {
    const known = await contacts.one(callId, principal.userId);
    if (known?.queueId !== undefined) return {};
    const { queueId, callerHash } = await callFor(principal, callId).catch((error: unknown) => {
      if (known === undefined) throw error;
      return { queueId: undefined, callerHash: undefined };
    });
    return factsOf(queueId, callerHash);
  }

  async function write(principal: Principal, callId: CallId, change: Partial<ContactEntry>): Promise<Contact> {
    const facts = await factsFor(principal, callId);
    return contacts.save({ callId, agentId: principal.userId, ...facts }, change, now().toISOString());
  }

  return {
    ...createPromises(needs, known),
    ...createPromiseControl(needs),
    paperwork: createPaperwork(needs, known),
    briefing,
    write,

    /** Telephony has joined an agent to a call: the entry exists from now on, whatever happens to the call or to the page. */
    async open(callId: CallId, agentId: AgentId, queueId: QueueId | undefined): Promise<void> {
      const call = (await liveCall(callId)) ?? (await records.endedCall(callId));
      await contacts.open({ callId, agentId, ...factsOf(queueId ?? call?.queueId, call?.callerHash) }, now().toISOString());
    },

    /** Gives the contact its result. Refused while the queue's worksheet requires more. */
    async complete(principal: Principal, callId: CallId, entry: ContactEntry): Promise<Contact> {
      const facts = await factsFor(principal, callId);
      const queueId = facts.queueId ?? (await contacts.one(callId, principal.userId))?.queueId;
      const faults = entryFaults(queueId === undefined ? undefined : await worksheets.one(queueId), entry);
      if (faults.length > 0) throw new CallCentreError('invalid-request', 'The result is not complete.', { details: faults });
      const at = now().toISOString();
      const saved = await contacts.save({ callId, agentId: principal.userId, ...facts }, { ...entry, completedAt: at }, at);
      await bus.publish('contact.disposed', { callId, agentId: principal.userId, at, disposition: [...entry.disposition] });
      return saved;
    },

    async stick(principal: Principal, callId: CallId, text: string): Promise<void> {
      const { callerHash } = await callFor(principal, callId);
      if (callerHash === undefined) throw withheld();
      await contacts.stick(callerHash, { text, by: principal.name, at: now().toISOString() });
    },

    async day(agentId: AgentId): Promise<AgentDay> {
      const from = midnight();
      const [calls, figures, spans, scores, reviewPercents] = await Promise.all([
        records.callsOf(agentId, from),
        figuresOf(agentId, from),
        records.stateSpans(agentId, from),
        records.scores(agentId, from),
        records.reviewPercents(agentId, new Date(now().getTime() - REVIEW_DAYS_MS)),
      ]);
      return agentDay({ agentId, midnight: from, now: now(), calls, figures, spans, scores, reviewPercents });
    },
  };
}
