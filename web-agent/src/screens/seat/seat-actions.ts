import type { LiveCall } from '../../../../services/shared/contracts/calls/commands.js';
import type { CallPurpose } from '../../../../services/shared/domain/calls/call-purpose.js';
import { currentCall } from '../../phone/phone.js';
import { useWorkplace } from '../../session/use-workplace.js';

export interface SeatActions {
  answer(): void;
  decline(reason?: string): void;
  mute(): void;
  hold(): void;
  hangUp(): void;
  /** The caller waits with music for whoever fetches the call. */
  park(): void;
  fetch(callId: string): void;
  pauseRecording(reason: string): void;
  resumeRecording(): void;
  sendKeys(keys: string): void;
  endConsult(how: 'complete' | 'join' | 'cancel'): void;
  dropParty(partyId: string): void;
  /** Calls a number from this seat, by the rules of calling out. Resolves with whether it is being dialled. */
  dial(number: string, purpose: CallPurpose): Promise<boolean>;
  extendWrapUp(): void;
  /** Goes to the state chosen during the call, else to ready. */
  endWrapUp(): void;
}

const EXTEND_MS = 60_000;

/** What the controls and the keys of a seat do, on the call that is current when they are used. */
export function useSeatActions(): SeatActions {
  const { seat } = useWorkplace();
  const onCall = (act: (call: LiveCall) => unknown): void => {
    const call = seat === null ? null : currentCall(seat.getSnapshot());
    if (call !== null) act(call);
  };
  return {
    answer: () => void seat?.answer(),
    decline(reason) {
      const offer = seat?.getSnapshot().offer;
      if (offer !== null && offer !== undefined)
        void seat?.ask('call:decline', { callId: offer.callId, ...(reason === undefined ? {} : { reason }) });
    },
    mute: () => onCall(() => seat?.toggleMute()),
    hold: () => onCall(({ callId, held }) => seat?.ask(held ? 'call:resume' : 'call:hold', { callId })),
    hangUp: () => onCall(({ callId }) => seat?.ask('call:hang-up', { callId })),
    park: () => onCall(({ callId }) => seat?.ask('call:park', { callId })),
    fetch: (callId) => void seat?.ask('call:fetch', { callId }),
    pauseRecording: (reason) => onCall(({ callId }) => seat?.ask('call:pause-recording', { callId, reason, by: 'agent' })),
    resumeRecording: () => onCall(({ callId }) => seat?.ask('call:resume-recording', { callId, by: 'agent' })),
    sendKeys: (keys) => onCall(({ callId }) => seat?.ask('call:keys', { callId, keys })),
    endConsult: (how) => onCall(({ callId }) => seat?.ask('call:consult-end', { callId, how })),
    dropParty: (partyId) => onCall(({ callId }) => seat?.ask('call:drop-party', { callId, partyId })),
    dial: async (number, purpose) => (await seat?.ask('call:dial', { number, purpose }))?.ok ?? false,
    endWrapUp: () => {
      const next = seat?.getSnapshot().agent?.nextState;
      // A supervisor's decision for after the call holds, whatever the agent asks for.
      void seat?.ask('agent:set-state', { state: next === undefined || next === 'signed-out' ? 'ready' : next });
    },
    extendWrapUp: () => void seat?.ask('agent:extend-wrap-up', { byMs: EXTEND_MS }),
  };
}
