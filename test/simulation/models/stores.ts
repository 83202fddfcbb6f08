import type { Call } from '../../../services/calls/machine/call.js';
import type { CallsPlatform, KeptCall, KeptSeat, LiveState } from '../../../services/calls/ports.js';
import type { CallRecord } from '../../../services/calls/records/record.js';
import type { VisitStore } from '../../../services/figures/ports.js';
import type { Agent } from '../../../services/routing/agents/agent-machine.js';
import { usualBreaks } from '../../../services/routing/agents/breaks.js';
import type { Callback } from '../../../services/routing/callbacks/callback.js';
import type { WaitingCall } from '../../../services/routing/matching/matcher.js';
import type { CallbackStore, LastAgents, QueueStore, StateStore, VisitRows } from '../../../services/routing/ports.js';
import type { Queue } from '../../../services/routing/queue.js';
import { transferIdOf } from '../../../services/routing/waits/day-transfers.js';
import type { ListedCaller } from '../../../services/shared/contracts/calls/caller-list.js';
import type { ServiceNumber, Trunk } from '../../../services/shared/contracts/calls/flow.js';
import { sentOnIn } from '../../../services/shared/domain/figures/hand-over.js';
import { isOfService } from '../../../services/shared/domain/figures/facts.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { StoredVisit } from '../../../services/shared/records/visit.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** What a store gives back went through JSON: what JSON does not keep is lost. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Whoever goes to lunch is late: what supervisors are told of, where they are told of anything. */
const shortBreaks = usualBreaks.map((reason) => (reason.limitMs === undefined ? reason : { ...reason, limitMs: 4_000 }));

/** The document store, the live state and the spool. What was acknowledged stays; away, they refuse. */
export class Stores {
  documentsAway = false;
  liveStateAway = false;
  readonly queues = new Map<string, Queue>();
  readonly skills = new Map<string, Record<string, number>>();
  readonly numbers = new Map<string, ServiceNumber>();
  readonly trunks: Trunk[] = [];
  readonly listed: ListedCaller[] = [];
  readonly records = new Map<string, CallRecord>();
  /** How often the record of a call was written. */
  readonly recordWrites = new Map<string, number>();
  /** Visits to queues, as the figures keep them. */
  readonly visits = new Map<string, StoredVisit>();
  readonly callbacks = new Map<string, Callback>();
  /** The token of the leader that last wrote each callback. */
  readonly callbackTokens: Record<string, number> = {};
  readonly presence = new Map<string, number>();
  readonly lastAgents = new Map<string, string>();
  /** As telephony has them; of a process that died, as it kept them. */
  readonly calls = new Map<string, KeptCall>();
  readonly seats = new Map<string, KeptSeat>();
  readonly agents = new Map<string, Agent>();
  readonly waiting = new Map<string, WaitingCall>();
  /** The largest fencing token that was given to a leader of routing. */
  routingToken = 0;
  ledger = 0;
  readonly #back: { readonly process: Process; readonly handle: () => void }[] = [];
  /** Writes of the routing's decisions and looks, by call. */
  readonly decisions = new Map<string, number>();

  constructor(private readonly world: World) {}

  liveStateIsBack(): void {
    this.liveStateAway = false;
    for (const { process, handle } of this.#back) if (process.alive) handle();
  }

  /** A document that is asked for or written: refused while the store is away. */
  document<T>(process: Process, work: () => T): Promise<T> {
    return process.later(this.world.latency(), () => {
      if (this.documentsAway) throw new CallCentreError('service-unavailable', 'the document store is away');
      return work();
    });
  }

  /** Live calls as they were written down last. */
  liveCall(callId: string): Call | undefined {
    return this.calls.get(callId)?.call;
  }

  ofCalls(process: Process): Omit<CallsPlatform, 'newId' | 'newEventId'> {
    const write = (work: () => void): void => {
      if (process.alive && !this.liveStateAway) work();
    };
    const forgotten = new Set<string>();
    const forget = (callId: string): void => {
      this.calls.delete(callId);
    };
    const liveState: LiveState = {
      keepCall: (kept) => {
        const copy = { ...kept, anchors: kept.anchors.map((anchor) => ({ ...anchor })), unpublished: [...(kept.unpublished ?? [])] };
        write(() => this.calls.set(copy.call.id, copy));
        for (const told of this.world.onKept) told(copy.call);
      },
      forgetCall: (callId) => {
        forgotten.add(callId);
        write(() => forgotten.delete(callId) && forget(callId));
      },
      forgetAgain: () =>
        write(() => {
          for (const callId of forgotten) forget(callId);
          forgotten.clear();
        }),
      keepSeat: (kept) => write(() => this.seats.set(kept.legId, { ...kept })),
      forgetSeat: (legId) => write(() => this.seats.delete(legId)),
      written: async () => undefined,
      routingToken: () => process.later(this.world.latency(), () => this.routingToken),
      left: () =>
        process.later(this.world.latency(), () => ({
          calls: stored([...this.calls.values()]),
          seats: stored([...this.seats.values()]),
        })),
    };
    return {
      clock: process.clock,
      prompts: { file: (promptId) => promptId, forget: () => undefined },
      records: {
        save: (record) => {
          if (!process.alive) return;
          // The spool has the record on the disk at once; the store gets it a moment later.
          this.recordWrites.set(record.callId, (this.recordWrites.get(record.callId) ?? 0) + 1);
          this.records.set(record.callId, record);
        },
        start: async () => undefined,
        stop: async () => undefined,
        waiting: async () => 0,
      },
      recordOf: (callId) => this.document(process, () => this.records.get(callId)),
      liveState,
      onLiveStateBack: (handle) => {
        this.#back.push({ process, handle });
        return () => undefined;
      },
    };
  }

  ofFigures(process: Process): VisitStore {
    const open = { leftAt: undefined, waitMs: undefined, outcome: undefined, detail: undefined, agentId: undefined, offers: undefined };
    const none = { result: undefined, resultAt: undefined };
    return {
      entered: (visit, notedAt) =>
        this.document(process, () => {
          if (!this.visits.has(visit._id)) this.visits.set(visit._id, { ...open, ...none, ...visit, notedAt });
        }),
      left: (visit, end, notedAt) =>
        this.document(process, () => {
          const row = this.visits.get(visit._id) ?? { ...open, ...none, ...visit, notedAt };
          this.visits.set(visit._id, row.leftAt === undefined ? { ...row, ...end, notedAt } : row);
        }),
      gaveResult: (callId, { result, at }, notedAt) =>
        this.document(process, () => {
          for (const row of this.visits.values())
            if (row.callId === callId && (row.resultAt === undefined || row.resultAt < at))
              this.visits.set(row._id, { ...row, result, resultAt: at, notedAt: notedAt ?? row.notedAt });
        }),
    };
  }

  visitRows(process: Process): VisitRows {
    const legs = () =>
      this.document(process, () => [...this.records.values()].flatMap((record) => (record.class === 'service' ? record.dialled : [])));
    const transfers = () =>
      this.document(process, () =>
        [...this.records.values()].flatMap((record) =>
          record.class === 'service' && record.direction === 'inbound'
            ? sentOnIn(record).map(({ place, first: { agentId, queueId, fromMs } }) => ({
                ...{ transferId: transferIdOf(record.callId, place), atMs: fromMs, agentId, queueId },
                ...{ called: record.called, trunkId: record.trunkId },
              }))
            : [],
        ),
      );
    const read = (enteredFrom: Date, notedFrom: Date) =>
      this.document(process, () =>
        [...this.visits.values()]
          .filter((visit) => isOfService(visit) && visit.enteredAt >= enteredFrom && visit.notedAt >= notedFrom)
          .map(({ _id, queueId, enteredAt, outcome, waitMs, thresholdMs, called, trunkId, clientUnit, agentId }) => ({
            visitId: _id,
            queueId,
            enteredAtMs: enteredAt.getTime(),
            outcome,
            waitMs,
            thresholdMs,
            called,
            trunkId,
            clientUnit,
            agentId,
          })),
      );
    return {
      async *of(enteredFrom, notedFrom) {
        yield await read(enteredFrom, notedFrom);
      },
      async *legsSince(at) {
        yield (await legs()).filter((leg) => leg.at >= at);
      },
      async *transfersSince() {
        yield await transfers();
      },
    };
  }

  ofRouting(
    process: Process,
    token: () => number,
  ): {
    queues: QueueStore;
    state: StateStore;
    visitRows: VisitRows;
    callbacks: CallbackStore;
    lastAgents: LastAgents;
  } {
    const write = (work: () => void): void => {
      if (process.alive && !this.liveStateAway && token() >= this.routingToken) work();
    };
    const unused = (): never => {
      throw new Error('not asked by routing');
    };
    return {
      queues: {
        all: () => this.document(process, () => stored([...this.queues.values()])),
        skills: () => this.document(process, () => new Map([...this.skills].map(([agentId, levels]) => [agentId, { ...levels }]))),
        breaks: () => this.document(process, () => (this.world.thresholds.areUsed ? shortBreaks : usualBreaks)),
        put: unused,
        seed: unused,
        remove: unused,
        setSkills: unused,
        setBreaks: unused,
      },
      state: {
        load: () =>
          process.later(this.world.latency(), () => ({
            // Whoever owes a result is asked for it at the next sign-in, whatever process routes then.
            agents: stored([...this.agents.values()].filter(({ state, owed }) => state !== 'signed-out' || owed !== undefined)),
            waiting: stored([...this.waiting.values()]),
          })),
        saveAgent: (agent) => write(() => this.agents.set(agent.agentId, agent)),
        saveWaiting: (call) => write(() => this.waiting.set(call.callId, call)),
        removeWaiting: (callId) => write(() => this.waiting.delete(callId)),
      },
      visitRows: this.visitRows(process),
      callbacks: {
        open: () =>
          this.document(process, () =>
            stored([...this.callbacks.values()].filter(({ state }) => state === 'waiting' || state === 'dialling')).map(revive),
          ),
        put: (callback) =>
          this.document(process, () => {
            const { [callback.callId]: by = 0 } = this.callbackTokens;
            if (token() < by) throw new CallCentreError('superseded', 'a later leader has written it');
            this.callbackTokens[callback.callId] = token();
            this.callbacks.set(callback.callId, callback);
          }),
        joinedTo: (callId) =>
          this.document(process, () =>
            stored([...this.callbacks.values()].filter(({ state, joinedTo }) => state === 'joined' && joinedTo === callId)).map(revive),
          ),
        joined: () =>
          this.document(process, () => stored([...this.callbacks.values()].filter(({ state }) => state === 'joined')).map(revive)),
        one: (callId) =>
          this.document(process, () => {
            const found = this.callbacks.get(callId);
            return found === undefined ? undefined : revive(stored(found));
          }),
        list: unused,
      },
      lastAgents: {
        of: (callerHash) => process.later(1, () => this.lastAgents.get(callerHash)),
        remember: (callerHash, agentId) => write(() => this.lastAgents.set(callerHash, agentId)),
      },
    };
  }
}

const revive = (callback: Callback): Callback => ({
  ...callback,
  askedAt: new Date(callback.askedAt),
  waitingSince: new Date(callback.waitingSince),
  notBefore: new Date(callback.notBefore),
});
