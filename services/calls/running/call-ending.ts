import type { FailureCode } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { Controller, Live } from './controller.js';
import { forgetLongest } from '../dialling/dial-out.js';
import { outsideLeg, type MediaDirector } from '../media/media-director.js';
import type { CallMedia, CallRecords, LeavingGate } from '../ports.js';
import { callRecord } from '../records/record.js';

export interface EndingNeeds {
  readonly media: Pick<CallMedia, 'release'>;
  readonly director: Pick<MediaDirector, 'end' | 'endLeg'>;
  readonly gate: Pick<LeavingGate, 'ended'>;
  readonly records: Pick<CallRecords, 'save'>;
  readonly controller: () => Controller;
  readonly hashNumber: NumberHash;
  readonly refuse: (live: Live, failure: FailureCode) => Promise<void>;
  readonly log: Logger;
}

export interface Ending {
  hangUpOutside(live: Live, legId: string): Promise<void>;
  /** Ends what is left of the call and writes its record. */
  finish(live: Live, hangUpCaller: boolean): Promise<void>;
}

/** The end of a leg outside and of a whole call. */
export function createEnding({ media, director, gate, records, controller, hashNumber, refuse, log }: EndingNeeds): Ending {
  async function hangUpOutside(live: Live, legId: string): Promise<void> {
    const entry = live.outside.get(legId);
    live.outside.delete(legId);
    forgetLongest(live, legId);
    entry?.abort.abort();
    const id = outsideLeg(live.call.id, legId);
    director.endLeg(id);
    entry?.leg?.hangUp().catch((error: unknown) => log.warn({ err: error, callId: live.call.id }, 'BYE failed'));
    await keepStatistics(live, id, 'number');
  }

  async function keepStatistics(live: Live, legId: string, leg: string): Promise<void> {
    const statistics = await media.release(legId).catch((error: unknown) => {
      log.warn({ err: error, callId: live.call.id }, 'media could not be released');
      return undefined;
    });
    if (statistics !== undefined) live.media.push({ leg, ...statistics });
  }

  async function endMedia(live: Live): Promise<void> {
    try {
      await director.end(live.call);
    } finally {
      await keepStatistics(live, live.call.id, 'caller');
    }
  }

  async function finish(live: Live, hangUpCaller: boolean): Promise<void> {
    const { call } = live;
    for (const cancel of live.timers.values()) cancel();
    live.timers.clear();
    await live.answering;
    await refuse(live, 'service-unavailable');
    for (const { abort } of live.outside.values()) abort.abort();
    // Not awaited: a far end that does not answer the BYE must not delay the end of the call.
    const bySupervisor = call.stage.kind === 'ended' && call.stage.by === 'supervisor';
    if (hangUpCaller) live.leg?.hangUp({ bySupervisor }).catch((error: unknown) => log.warn({ err: error, callId: call.id }, 'BYE failed'));
    // Each part runs even when another fails: a relay that is down must stop neither the record nor the end.
    const parts = await Promise.allSettled([
      endMedia(live),
      ...[...live.outside.keys()].map((legId) => (call.stage.kind === 'calling' ? undefined : hangUpOutside(live, legId))),
    ]);
    for (const part of parts)
      if (part.status === 'rejected') log.warn({ err: part.reason as unknown, callId: call.id }, 'a part of the call could not be ended');
    const record = callRecord(call, {
      sipCallId: live.sipCallId,
      callerHash: hashNumber(call.callerNumber),
      sipStatus: live.sipStatus,
      media: live.media,
    });
    controller().remove(call.id);
    if (record === undefined) return;
    records.save(record);
    for (const { at: dialledAt, ...leg } of record.dialled)
      gate
        .ended({ ...leg, dialledAt })
        .catch((error: unknown) => log.error({ err: error, callId: call.id }, 'the end of an outside leg could not be recorded'));
  }

  return { hangUpOutside, finish };
}
