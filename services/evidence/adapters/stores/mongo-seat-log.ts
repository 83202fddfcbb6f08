import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { Schema, type Connection } from 'mongoose';
import { createUpdates } from '../../../shared/platform/stores/documents-together.js';
import { schemaOf } from '../../../shared/platform/stores/records.js';
import { agentStateRecord } from '../../../shared/records/agent-state.js';
import type { Reads } from '../../../shared/records/reads.js';
import type { SeatLog, SiteReader, StoredRows, Stretch } from '../../ports.js';
import type { Reading } from '../../../shared/domain/licence/probe-row.js';
import type { SeatRow } from '../../quality/witness-row.js';
import type { AgentId } from '../../../shared/domain/ids.js';

export const AGENT_STATES = 'evidence_agent_states';

interface SeatSession {
  readonly _id: string;
  readonly agentId: AgentId;
  readonly at: Date;
  readonly device?: string;
  readonly address?: string;
  readonly offlineAt?: Date;
  readonly reason?: string;
}

const sessionSchema = new Schema<SeatSession>(
  { _id: { type: String, required: true }, agentId: String, at: Date, device: String, address: String, offlineAt: Date, reason: String },
  { collection: 'evidence_seat_sessions', versionKey: false },
).index({ at: -1 });

const stateSchema = schemaOf(AGENT_STATES, agentStateRecord)
  .index({ at: 1 })
  .index({ agentId: 1, untilAt: 1 })
  // For the states that lasted over a midnight, of which there are few.
  .index({ at: 1, untilAt: 1 })
  .index({ untilAt: 1, at: 1 });

/** Keyed by the ids of the events, so that an event that arrives twice changes nothing. */
export function createSeatLog(mongo: Connection, zone: string, { accounts }: Pick<Reads, 'accounts'>): SeatLog {
  const sessions = mongo.model<SeatSession>('EvidenceSeatSession', sessionSchema);
  // Every call brings several of these events.
  const updateStates = createUpdates(mongo.model('EvidenceAgentState', stateSchema).collection);
  return {
    async online({ sessionId, ...rest }) {
      await sessions.updateOne({ _id: sessionId }, { $setOnInsert: rest, $unset: { offlineAt: '' } }, { upsert: true });
    },
    async offline(sessionId, at, reason) {
      await sessions.updateOne({ _id: sessionId, offlineAt: { $exists: false } }, { $set: { offlineAt: at, reason } });
    },
    async stateChanged({ id, agentId, at, to, reason, callId }) {
      // `null` also matches a missing field, and an index can find it.
      const before = { agentId, untilAt: null, _id: { $ne: id }, at: { $lte: at } };
      const ended = { filter: before, update: { $set: { untilAt: at } }, many: true };
      const begun = { filter: { _id: id }, update: { $setOnInsert: { agentId, at, state: to, reason, callId } }, upsert: true };
      await updateStates(...(to === 'signed-out' ? [ended] : [ended, begun]));
    },
    async recentSeats(since) {
      const found = await sessions
        .find({ $or: [{ at: { $gte: since } }, { offlineAt: { $exists: false } }] })
        .sort({ at: 1 })
        .limit(5_000)
        .lean<SeatSession[]>();
      // One seat is one person: the newest session names the device.
      const newest = new Map(found.map((session) => [session.agentId, session]));
      const ids = [...newest.keys()];
      const [first, people] = await Promise.all([
        sessions.aggregate<{ _id: string; at: Date }>([
          { $match: { agentId: { $in: ids } } },
          { $group: { _id: '$agentId', at: { $min: '$at' } } },
        ]),
        accounts.find({ _id: { $in: ids } }, { fields: ['name', 'displayName'] }),
      ]);
      const firstOf = new Map(first.map(({ _id, at }) => [_id, at]));
      const personOf = new Map(people.map((person) => [person._id, person]));
      return [...newest.values()].map((session): Reading => ({
        subject: `seat:${session.agentId}`,
        kind: 'seat',
        facts: {
          agentId: session.agentId,
          account: personOf.get(session.agentId)?.name ?? '',
          person: personOf.get(session.agentId)?.displayName ?? '',
          firstSeenOn: DateTime.fromJSDate(firstOf.get(session.agentId) ?? session.at, { zone }).toISODate() ?? '',
          device: session.device ?? '',
          address: session.address ?? '',
          online: session.offlineAt === undefined,
          since: session.at.toISOString(),
        },
        raw: JSON.stringify(session),
      }));
    },
  };
}

/** The seats that came online, for day sheets and packs. */
export interface SeatRows {
  readonly read: StoredRows['seats'];
  readonly query: (stretch: Stretch) => string;
}

const SEATS_AT_ONCE = 500;
/** Packs name no session of the house. */
const seatIdOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('hex').slice(0, 16);

export function createSeatRows(mongo: Connection): SeatRows {
  const sessions = mongo.model<SeatSession>('EvidenceSeatSession', sessionSchema);
  return {
    async *read({ fromMs, untilMs }) {
      const found = sessions.find({ at: { $gte: new Date(fromMs), $lt: new Date(untilMs) } }, { agentId: 1, at: 1, offlineAt: 1 });
      let batch: SeatRow[] = [];
      for await (const { _id, agentId, at, offlineAt } of found.sort({ at: 1 }).lean<SeatSession[]>().cursor()) {
        batch.push({
          seatId: seatIdOf(_id),
          agentId,
          atMs: at.getTime(),
          ...(offlineAt === undefined ? {} : { offlineAtMs: offlineAt.getTime() }),
        });
        if (batch.length < SEATS_AT_ONCE) continue;
        yield batch;
        batch = [];
      }
      yield batch;
    },
    query: ({ untilMs }) => `db.evidence_seat_sessions.find({at: {$lt: ISODate("${new Date(untilMs).toISOString()}")}}).sort({at: 1})`,
  };
}

/** Data about the site, for packs, that no stream of rows has. */
export function createSiteReader(mongo: Connection, reads: SiteReads, zone: string): SiteReader {
  const sessions = mongo.model<SeatSession>('EvidenceSeatSession', sessionSchema);
  const users = () => reads.accounts.find({}, { fields: ['name', 'roles', 'disabled'] });
  return {
    async seats({ fromMs, untilMs }) {
      const [found, accounts] = await Promise.all([
        sessions
          .find({ at: { $gte: new Date(fromMs - 86_400_000), $lt: new Date(untilMs) } })
          .sort({ at: 1 })
          .lean<SeatSession[]>(),
        users(),
      ]);
      const nameOf = new Map(accounts.map(({ _id, name }) => [_id, name]));
      // A session without an end counts as one working day, so that a lost event does not accumulate time for ever.
      const changes = found.flatMap(({ at, offlineAt }) => [
        { atMs: at.getTime(), by: 1 },
        { atMs: (offlineAt ?? new Date(at.getTime() + 43_200_000)).getTime(), by: -1 },
      ]);
      let [now, peakSeats] = [0, 0];
      for (const { by } of changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by)) peakSeats = Math.max(peakSeats, (now += by));
      const days = new Map<string, Set<string>>();
      for (const { agentId, at } of found) {
        const account = nameOf.get(agentId) ?? agentId;
        days.set(account, (days.get(account) ?? new Set()).add(DateTime.fromJSDate(at, { zone }).toISODate() ?? ''));
      }
      return { peakSeats, seatDays: [...days].map(([account, set]) => ({ account, days: [...set] })) };
    },
    accounts: async () =>
      (await users()).map(({ name, roles, disabled }) => ({
        name,
        disabled,
        agent: roles.includes('agent'),
        administersAlone: roles.includes('admin') && roles.includes('security-admin'),
      })),
    doNotCall: () => reads.refusals.count(IN_FORCE),
    refusals: (limit) => reads.refusals.find(IN_FORCE, { fields: ['at', 'numberMasked', 'reason'], sort: { at: -1 }, limit }),
    async consents() {
      const [inForce, all] = await Promise.all([
        reads.consents.count({
          ...IN_FORCE,
          $or: [{ validUntil: { $exists: false } }, { validUntil: null }, { validUntil: { $gt: new Date() } }],
        }),
        reads.consents.count({}),
      ]);
      return { inForce, all };
    },
    fraudSettings: reads.fraudSettings,
    accountNames: async () => Object.fromEntries((await users()).map(({ _id, name }) => [_id, name])),
    recorded: async (callIds) =>
      new Set(
        (await reads.recordings.find({ _id: { $in: [...callIds] }, deletion: { $exists: false } }, { fields: [] })).map(({ _id }) => _id),
      ),
    queueNames: async () =>
      Object.fromEntries(
        (await reads.queues.find({}, { fields: ['name'] })).map(({ _id, name }) => [_id, { zh: name['zh-CN'], en: name.en }]),
      ),
  };
}

/** Not withdrawn. */
const IN_FORCE = { withdrawn: { $exists: false } };

export type SiteReads = Pick<Reads, 'accounts' | 'refusals' | 'consents' | 'recordings' | 'queues' | 'fraudSettings'>;
