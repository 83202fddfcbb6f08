import { probeLock } from '../archive/keeper.js';
import type { Witnesses } from '../archive/ports.js';
import { createMongoLedger } from '../ledger/adapters/mongo-ledger.js';
import { keeperOf, type KeeperOptions } from './keeping.js';
import type { CallId } from '../../shared/domain/ids.js';

/** What the ledger and its witnesses say about one call. Packets are those received, from both sides. */
export interface ProvedRow {
  readonly number: number;
  readonly answeredMs: number;
  readonly recordedMs: number;
  readonly lostMs: number;
  readonly recorderPackets: number | undefined;
  /** Undefined when the relay keeps no capture on this machine. */
  readonly capturePackets: number | undefined;
  /** The relay's count for the caller alone; undefined while the record of the call has no counts. */
  readonly relayCallerPackets: number | undefined;
}

/** The witnesses of a test call: its ledger row, and the Object Lock, which is tested at once. */
export function createProofWitnesses(options: KeeperOptions): {
  rowOf(callId: CallId): Promise<ProvedRow | undefined>;
  /** Whether a locked object resisted; undefined when the bucket has no Object Lock. */
  tryLock(): Promise<boolean | undefined>;
} {
  const ledger = createMongoLedger(options.mongo);
  const deps = keeperOf(options);
  return {
    async rowOf(callId) {
      const row = await ledger.ofCall(callId);
      if (row?.account === undefined) return undefined;
      const { recorder, capture, relay } = row.witnesses as Witnesses;
      return {
        number: row.number,
        answeredMs: row.account.answeredMs,
        recordedMs: row.account.ms.recorded,
        lostMs: row.account.ms.lost,
        recorderPackets: recorder === undefined ? undefined : recorder.caller.packets + recorder.agent.packets,
        capturePackets: capture === undefined ? undefined : capture.callerPackets + capture.agentPackets,
        relayCallerPackets: relay?.callerPackets,
      };
    },
    tryLock: () => probeLock(deps, new Date()),
  };
}
