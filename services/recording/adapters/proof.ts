import { probeLock } from '../archive/keeper.js';
import type { Witnesses } from '../archive/ports.js';
import { createMongoLedger } from '../ledger/adapters/mongo-ledger.js';
import { keeperOf, type KeeperOptions } from './keeping.js';

/** What the ledger and its witnesses say of one call. Packets are of both sides, received. */
export interface ProvedRow {
  readonly number: number;
  readonly answeredMs: number;
  readonly recordedMs: number;
  readonly lostMs: number;
  readonly recorderPackets: number | undefined;
  /** Undefined where the relay keeps no capture on this machine. */
  readonly capturePackets: number | undefined;
  /** What the relay counted of the caller alone; undefined where the call's record has no counts yet. */
  readonly relayCallerPackets: number | undefined;
}

/** The witnesses of a proof call: its ledger row, and the lock of the store tried at once. */
export function createProofWitnesses(options: KeeperOptions): {
  rowOf(callId: string): Promise<ProvedRow | undefined>;
  /** Whether a locked object resisted; undefined where the bucket has no Object Lock. */
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
