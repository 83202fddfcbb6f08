import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { CustomerReferences, ErasureRest } from '../shared/contracts/customer.js';
import { withinReach, type Reach } from '../shared/platform/reach/reach.js';
import type { Reads } from '../shared/records/reads.js';
import type { CallFacts } from './ports.js';
import type { CallId } from '../shared/domain/ids.js';

const MOST_CALLS = 50;
const MOST_ROWS = 20;
const MOST_COUNTED = 10_000;

export type ReferenceReads = Pick<Reads, 'calls' | 'complaints' | 'consents' | 'recordings' | 'serviceNumbers'>;

/** Whose numbers are asked about: their hashes, and the client unit of the customer. */
export interface Referred {
  readonly unit: string;
  readonly hashes: readonly string[];
}

export const noReferences: CustomerReferences = { calls: [], consents: [], complaints: [] };

async function consentsOf(reads: ReferenceReads, { unit, hashes }: Referred, now: Date): Promise<CustomerReferences['consents']> {
  const rows = await reads.consents.find(
    { numberHash: { $in: [...hashes] } },
    { fields: ['numberMasked', 'purposes', 'channel', 'givenAt', 'validUntil', 'clientUnit', 'withdrawn'], limit: MOST_ROWS * 5 },
  );
  return rows
    .filter(({ clientUnit, validUntil, withdrawn }) => {
      const isOurs = clientUnit === undefined || clientUnit === unit;
      return isOurs && withdrawn === undefined && (validUntil === undefined || validUntil > now);
    })
    .slice(0, MOST_ROWS)
    .map(({ _id, numberMasked, purposes, channel, givenAt, validUntil }) => ({
      id: _id,
      numberMasked,
      purposes: [...purposes],
      channel,
      ...(givenAt === undefined ? {} : { givenAt: givenAt.toISOString() }),
      ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
    }));
}

/** Leaves out cases on calls of another client unit; a case without a call is visible to everybody who reaches the customer. */
async function complaintsOf(
  reads: ReferenceReads,
  { hashes }: Referred,
  others: readonly string[],
): Promise<CustomerReferences['complaints']> {
  const rows = await reads.complaints.find(
    { 'complainant.numberHash': { $in: [...hashes] } },
    { fields: ['number', 'kind', 'state', 'receivedAt', 'callIds'], sort: { receivedAt: -1 }, limit: MOST_ROWS },
  );
  const callIds = rows.flatMap((row) => [...row.callIds]);
  const foreign =
    callIds.length === 0 ? [] : await reads.calls.find({ _id: { $in: callIds }, called: { $in: [...others] } }, { fields: [] });
  const isForeign = new Set(foreign.map(({ _id }) => _id));
  return rows
    .filter((row) => !row.callIds.some((callId) => isForeign.has(callId)))
    .map(({ _id, number, kind, state, receivedAt }) => ({ id: _id, number, kind, state, receivedAt: receivedAt.toISOString() }));
}

async function callsOf(
  reads: ReferenceReads,
  { hashes }: Referred,
  others: readonly string[],
  reach: Reach,
): Promise<CustomerReferences['calls']> {
  const rows = await reads.calls.find(
    { callerHash: { $in: [...hashes] }, called: { $nin: [...others] } },
    {
      fields: ['invitedAt', 'direction', 'callerMasked', 'queueId', 'agentId', 'agentIds', 'cause', 'called'],
      sort: { invitedAt: -1 },
      limit: MOST_CALLS,
    },
  );
  return rows
    .filter((row) => withinReach(reach, row, row.invitedAt))
    .map(({ _id, invitedAt, direction, callerMasked, queueId, agentId, cause }) => ({
      callId: _id,
      at: invitedAt.toISOString(),
      direction,
      callerMasked,
      cause,
      ...(queueId === undefined ? {} : { queueId }),
      ...(agentId === undefined ? {} : { agentId }),
    }));
}

/** Everything that others have on record about the numbers of a customer. Read where it is kept, never copied. */
export function createReferences(reads: ReferenceReads, commands: CommandBus) {
  /** Our numbers that belong to another client unit: what was said on them is that unit's business. */
  async function otherNumbers(unit: string): Promise<string[]> {
    const numbers = await reads.serviceNumbers.find({}, { fields: ['clientUnit'] });
    return numbers.flatMap(({ _id, clientUnit = '' }) => (clientUnit === unit ? [] : [_id]));
  }

  /** The client unit of one of our numbers; empty if it has none. */
  const unitOf = async (called: string): Promise<string> => (await reads.serviceNumbers.one(called, ['clientUnit']))?.clientUnit ?? '';

  async function callFacts(callId: CallId): Promise<CallFacts | undefined> {
    const live = await commands.send('call.caller-hash', { callId }).catch(() => undefined);
    if (live !== undefined) return live;
    const ended = await reads.calls.one(callId, ['callerHash', 'callerMasked', 'called', 'agentIds']);
    return ended;
  }

  /** Newest first. */
  const endedCalls = ({ hashes }: Referred, others: readonly string[], limit?: number) =>
    reads.calls.find(
      { callerHash: { $in: [...hashes] }, called: { $nin: [...others] } },
      { fields: [], sort: { invitedAt: -1 }, ...(limit === undefined ? {} : { limit }) },
    );

  return {
    unitOf,
    callFacts,
    /** All ended calls of the numbers. */
    async callIds(whose: Referred): Promise<string[]> {
      if (whose.hashes.length === 0) return [];
      return (await endedCalls(whose, await otherNumbers(whose.unit))).map(({ _id }) => _id);
    },
    async of(whose: Referred, reach: Reach, now: Date): Promise<CustomerReferences> {
      if (whose.hashes.length === 0) return noReferences;
      const others = await otherNumbers(whose.unit);
      const [calls, consents, complaints] = await Promise.all([
        callsOf(reads, whose, others, reach),
        consentsOf(reads, whose, now),
        complaintsOf(reads, whose, others),
      ]);
      return { calls, consents, complaints };
    },
    /** What stays on record when the customer is erased. */
    async rest(whose: Referred, now: Date): Promise<ErasureRest> {
      if (whose.hashes.length === 0) return { calls: 0, recordings: 0, complaints: 0, consents: 0 };
      const others = await otherNumbers(whose.unit);
      const calls = await endedCalls(whose, others, MOST_COUNTED);
      const [recordings, complaints, consents] = await Promise.all([
        reads.recordings.find({ _id: { $in: calls.map(({ _id }) => _id) }, deletion: null }, { fields: ['keepUntil'] }),
        complaintsOf(reads, whose, others),
        consentsOf(reads, whose, now),
      ]);
      const until = recordings
        .map(({ keepUntil }) => keepUntil.slice(0, 10))
        .sort()
        .at(-1);
      return {
        calls: calls.length,
        recordings: recordings.length,
        complaints: complaints.length,
        consents: consents.length,
        ...(until === undefined ? {} : { recordingsUntil: until }),
      };
    },
  };
}
export type References = ReturnType<typeof createReferences>;
