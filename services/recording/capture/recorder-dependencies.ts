import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { Clock as Timers } from '../../shared/domain/time/clock.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { CallIndex, Captures } from '../archive/ports.js';
import type { LedgerStore } from '../ledger/ports.js';
import type { Clock } from './live-call.js';
import type { RelayCopies, Spool, Taps } from './ports.js';
import type { StrangePackets } from './strange-packets.js';

/** What happens to a call after its end. The recorder has written its last mark and closed its sockets. */
export interface Finishing {
  /** Takes the call over; returns at once. */
  finish(callId: CallId): void;
  /** These calls are still live: complete parts of a long one may be encoded. */
  advance(calls: readonly { readonly callId: CallId; readonly nowMs: number }[]): void;
  status(): { readonly waiting: number; readonly failing: number };
}

export interface RecorderDependencies {
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly spool: Spool;
  readonly taps: Taps;
  readonly copies: RelayCopies;
  readonly captures: Captures;
  readonly ledger: LedgerStore;
  readonly calls: Pick<CallIndex, 'find'>;
  readonly finishing: Finishing;
  readonly clock: Clock & Pick<Timers, 'every'>;
  readonly strange: StrangePackets;
  readonly log: Logger;
  readonly alarmFreeBytes: number;
  readonly refuseFreeBytes: number;
}
