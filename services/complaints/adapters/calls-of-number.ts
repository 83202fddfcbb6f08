import type { CallReads } from '../../shared/records/call.js';
import type { CaseScope } from '../cases/case-scope.js';
import type { CallsOfNumber } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

/** The newest calls that are linked: for one number, and for a whole part of an import. */
const LINKED_CALLS = 50;
const MOST_LINKED = 20_000;
/** No call lasts longer. */
const LONGEST_CALL_MS = 86_400_000;

/** The service numbers, each with its client unit. */
export type ServiceNumbers = () => Promise<readonly { readonly number: string; readonly clientUnit?: string | undefined }[]>;

/** Reads from the records of calls. The called number decides whose call it is. */
export function createCallsOfNumber(calls: CallReads, serviceNumbers: ServiceNumbers): CallsOfNumber {
  async function calledOf(clientUnits: readonly string[]): Promise<{ readonly called?: { readonly $in: string[] } }> {
    if (clientUnits.length === 0) return {};
    const numbers = await serviceNumbers();
    return {
      called: {
        $in: numbers.flatMap(({ number, clientUnit }) => (clientUnit !== undefined && clientUnits.includes(clientUnit) ? [number] : [])),
      },
    };
  }

  async function unitOf(): Promise<(called: string | undefined) => { readonly clientUnit?: string }> {
    const units = new Map((await serviceNumbers()).map(({ number, clientUnit }) => [number, clientUnit]));
    return (called) => {
      const clientUnit = called === undefined ? undefined : units.get(called);
      return clientUnit === undefined ? {} : { clientUnit };
    };
  }

  return {
    async find(numberHash, limit, clientUnit) {
      const whose = await calledOf(clientUnit === undefined ? [] : [clientUnit]);
      const rows = await calls.find({ callerHash: numberHash, ...whose }, { fields: [], sort: { invitedAt: -1 }, limit });
      return rows.map(({ _id }) => _id);
    },
    async findMany(numberHashes) {
      const [ofCalled, rows] = await Promise.all([
        unitOf(),
        calls.find(
          { callerHash: { $in: [...numberHashes] } },
          { fields: ['callerHash', 'called'], sort: { invitedAt: -1 }, limit: MOST_LINKED },
        ),
      ]);
      const found = new Map<string, { readonly callId: CallId; readonly clientUnit?: string }[]>();
      for (const { _id, callerHash = '', called } of rows) {
        const ofNumber = found.get(callerHash) ?? [];
        if (ofNumber.length < LINKED_CALLS) found.set(callerHash, [...ofNumber, { callId: _id, ...ofCalled(called) }]);
      }
      return found;
    },
    async callerOf(callId) {
      const row = await calls.one(callId, ['callerNumber', 'agentId', 'called', 'queueId', 'invitedAt']);
      if (row === undefined) return undefined;
      const { callerNumber, agentId, called, queueId, invitedAt } = row;
      return {
        number: callerNumber,
        at: invitedAt,
        ...(agentId === undefined ? {} : { agentId }),
        ...(queueId === undefined ? {} : { queueId }),
        ...(await unitOf())(called),
      };
    },
    async count(from, to, asOf, { clientUnits, queues }: CaseScope, which) {
      const scope = {
        ...(which === 'all' ? {} : ({ direction: 'inbound', class: { $ne: 'test' } } as const)),
        ...(await calledOf(clientUnits)),
        ...(queues.length === 0 ? {} : { queueId: { $in: [...queues] } }),
      };
      const end = Math.min(to.getTime(), asOf.getTime());
      // Only the newest calls are checked for their end; the index answers for the others.
      const newest = new Date(Math.min(end, Math.max(from.getTime(), asOf.getTime() - LONGEST_CALL_MS)));
      const [old, fresh] = await Promise.all([
        calls.count({ invitedAt: { $gte: from, $lt: newest }, ...scope }),
        calls.count({ invitedAt: { $gte: newest, $lt: new Date(end) }, endedAt: { $lte: asOf }, ...scope }),
      ]);
      return old + fresh;
    },
  };
}
