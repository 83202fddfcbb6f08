import type { CallRecord } from '../../../services/calls/records/record.js';
import type { Complaint } from '../../../services/complaints/cases/complaint.js';
import type { ComplaintStore } from '../../../services/complaints/ports.js';
import type { CallBackTask, SurveyStore, TaskStore } from '../../../services/satisfaction/ports.js';
import type { Invitation, SurveyAnswer } from '../../../services/satisfaction/survey.js';
import type { Contact, SeatCallback } from '../../../services/shared/contracts/workspace.js';
import type { CallbackStore, CentreRecords, ContactStore } from '../../../services/workspace/ports.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

const unused = (): never => {
  throw new Error('not asked in a simulation');
};

type StoredContact = Contact & { readonly callerHash?: string };

/** What is written about calls: contacts, promises to call back, surveys, complaints, holds. One document store keeps all of it. */
export class Paperwork {
  readonly contacts = new Map<string, StoredContact>();
  readonly promises = new Map<string, SeatCallback>();
  readonly invitations = new Map<string, Invitation>();
  readonly answers = new Map<string, SurveyAnswer>();
  readonly tasks = new Map<string, CallBackTask>();
  readonly complaints = new Map<string, Complaint>();
  readonly holds = new Map<string, Set<string>>();
  #complaintNumbers = 0;

  constructor(private readonly world: World) {}

  /** The stores as one process reaches them. */
  of(process: Process) {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    const contactStore: ContactStore = {
      of: (callId) => store(() => [...this.contacts.values()].filter((contact) => contact.callId === callId)),
      one: (callId, agentId) => store(() => this.contacts.get(`${callId}/${agentId}`)),
      // A missing hash is searched for like any other: a store finds the rows without one.
      ofCaller: (hashes: readonly (string | undefined)[], limit) =>
        store(() => [...this.contacts.values()].filter(({ callerHash }) => hashes.includes(callerHash)).slice(-limit)),
      open: (contact, at) =>
        store(() => {
          const key = `${contact.callId}/${contact.agentId}`;
          const known = this.contacts.get(key) ?? { ...emptyContact, ...contact, at, updatedAt: at };
          this.contacts.set(key, { ...known, ...contact });
        }),
      save: (contact, change, at) =>
        store(() => {
          const key = `${contact.callId}/${contact.agentId}`;
          const known = this.contacts.get(key) ?? { ...emptyContact, ...contact, at, updatedAt: at };
          const saved = { ...known, ...contact, ...change, updatedAt: at };
          this.contacts.set(key, saved);
          return saved;
        }),
      sticky: () => store(() => null),
      stick: () => store(() => undefined),
    };

    const promiseStore: CallbackStore = {
      add: (callback) => store(() => void this.promises.set(callback.id, callback)),
      one: (id) => store(() => this.promises.get(id)),
      openOfPerson: () => store(() => undefined),
      personOf: () => store(() => undefined),
      take: unused,
      reached: unused,
      join: unused,
      openOf: (callId) => store(() => [...this.promises.values()].find((promise) => promise.state === 'open' && promise.callId === callId)),
      ofCall: (callId) => store(() => [...this.promises.values()].filter((promise) => promise.callId === callId)),
      openFor: (agentId) => store(() => [...this.promises.values()].filter((promise) => promise.agentId === agentId)),
      open: unused,
      assign: unused,
      tried: unused,
      close: unused,
    };

    /** What the workspace reads of the other slices. */
    const centre: CentreRecords = {
      endedCall: (callId) =>
        store(() => {
          const record = this.world.stores.records.get(callId);
          return record === undefined ? undefined : factsOf(record);
        }),
      client: () => store(() => null),
      unitOf: () => store(() => undefined),
      openComplaints: (hashes: readonly (string | undefined)[]) =>
        store(() =>
          [...this.complaints.values()]
            .filter(({ complainant }) => hashes.includes(complainant.numberHash))
            .map(({ id, number, kind, receivedAt }) => ({ id, number, kind, receivedAt: receivedAt.toISOString() })),
        ),
      complaintsOfCall: (callId) =>
        store(() =>
          [...this.complaints.values()].filter(({ callIds }) => callIds.includes(callId)).map(({ id, number }) => ({ id, number })),
        ),
      callsOf: unused,
      stateSpans: unused,
      scores: unused,
      reviewPercents: unused,
    };

    const surveyStore: SurveyStore = {
      invite: (invitation) =>
        store(() => {
          if (!this.invitations.has(invitation.surveyId)) this.invitations.set(invitation.surveyId, invitation);
        }),
      answer: (answer) =>
        store(() => {
          if (this.answers.has(answer.answerId)) return false;
          this.answers.set(answer.answerId, answer);
          return true;
        }),
      ofCall: (callId) =>
        store(() => {
          const invitation = this.invitations.get(callId);
          if (invitation === undefined) return undefined;
          return { invitation, answers: [...this.answers.values()].filter(({ surveyId }) => surveyId === callId) };
        }),
      notInvited: unused,
      askedByLink: unused,
      byId: unused,
      between: unused,
      worst: unused,
    };

    const taskStore: TaskStore = {
      open: (task) =>
        store(() => {
          if (!this.tasks.has(task.taskId)) this.tasks.set(task.taskId, task);
        }),
      list: unused,
      byId: unused,
      take: unused,
      finish: unused,
    };

    const complaintStore: Pick<ComplaintStore, 'nextNumber' | 'add' | 'byId' | 'replace' | 'runningOfNumber'> = {
      nextNumber: () => store(() => (this.#complaintNumbers += 1)),
      add: (complaints) =>
        store(() => {
          for (const complaint of complaints) this.complaints.set(complaint.id, complaint);
        }),
      byId: (id) => store(() => this.complaints.get(id)),
      replace: (complaint) =>
        store(() => {
          if (this.complaints.get(complaint.id)?.revision !== complaint.revision - 1) return false;
          this.complaints.set(complaint.id, complaint);
          return true;
        }),
      runningOfNumber: (numberHash) =>
        store(() =>
          [...this.complaints.values()].filter(
            ({ complainant, joinedInto }) => complainant.numberHash === numberHash && joinedInto === undefined,
          ),
        ),
    };

    const holdStore = {
      hold: (callIds: readonly string[], reason: string): Promise<void> =>
        store(() => {
          for (const callId of callIds) this.holds.set(callId, (this.holds.get(callId) ?? new Set()).add(reason));
        }),
      release: (): Promise<void> => store(() => undefined),
    };
    return { store, contactStore, promiseStore, centre, surveyStore, taskStore, complaintStore, holdStore };
  }
}

const emptyContact = { notes: '', disposition: [], fields: {} };

const factsOf = ({ callId, callerHash, callerMasked, agentIds, called, queueId }: CallRecord) => ({
  callId,
  callerHash,
  callerMasked,
  agentIds,
  called,
  ...(queueId === undefined ? {} : { queueId }),
});
