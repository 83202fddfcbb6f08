import { callRecord, type StoredCall } from '../../../services/shared/records/call.js';

/** An ended call as the store has it, checked by its record. */
export function storedCall(of: Partial<StoredCall> & Pick<StoredCall, '_id'>): StoredCall {
  const at = of.invitedAt ?? new Date();
  return callRecord.row.parse({
    direction: 'inbound',
    trunkId: 'carrier-1',
    class: 'service',
    sipCallId: of._id,
    callerNumber: '13800000000',
    callerMasked: '138****0000',
    called: '4001000',
    language: 'zh-CN',
    flowVersion: 1,
    choices: [],
    agentIds: [],
    invitedAt: at,
    endedAt: at,
    offers: [],
    talks: [],
    holds: [],
    pauses: [],
    cause: 'completed',
    by: 'caller',
    sipStatus: 200,
    media: [],
    dialled: [],
    history: [],
    ...of,
  });
}
