import { DELIVER, FAILED, RESEND, SEND, TIMED_OUT, start, stay, stop, type MachineContext, type Step, type TimerName } from './machine.js';

/**
 * INVITE server transaction (RFC 3261 section 17.2.1 as amended by RFC 6026 section 7.1).
 *
 *     proceeding --3xx..6xx--> completed --ACK--> confirmed --I--> terminated
 *         |                       `------H------> terminated (no ACK came)
 *         `--2xx--> accepted --L--> terminated
 *                   (the user repeats the 2xx until its ACK)
 */
export type InviteServerState =
  | { readonly name: 'proceeding'; readonly answered: boolean }
  | { readonly name: 'completed'; readonly intervalMs: number }
  | { readonly name: 'accepted' | 'confirmed' | 'terminated' };

export type InviteServerEvent =
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'request' }
  | { readonly type: 'ack' }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'send-failed' };

export function inviteServer(state: InviteServerState, event: InviteServerEvent, context: MachineContext): Step<InviteServerState> {
  switch (state.name) {
    case 'proceeding':
      if (event.type === 'request') return state.answered ? { state, effects: [RESEND] } : stay(state);
      if (event.type === 'send-failed') return { state, effects: [FAILED] };
      if (event.type !== 'respond') return stay(state);
      if (event.status < 200) return { state: { name: 'proceeding', answered: true }, effects: [SEND] };
      if (event.status < 300) return { state: { name: 'accepted' }, effects: [SEND, start('L', 64 * context.t1Ms)] };
      return {
        state: { name: 'completed', intervalMs: context.t1Ms },
        effects: [SEND, ...(context.reliable ? [] : [start('G', context.t1Ms)]), start('H', 64 * context.t1Ms)],
      };
    case 'accepted':
      // RFC 6026 section 7.1: repeated INVITEs are absorbed, further 2xx pass, an ACK on this branch goes up.
      if (event.type === 'respond') return event.status >= 200 && event.status < 300 ? { state, effects: [SEND] } : stay(state);
      if (event.type === 'ack') return { state, effects: [DELIVER] };
      return event.type === 'timer' && event.timer === 'L' ? { state: { name: 'terminated' }, effects: [] } : stay(state);
    case 'completed':
      if (event.type === 'request') return { state, effects: [RESEND] };
      if (event.type === 'ack') {
        return { state: { name: 'confirmed' }, effects: [stop('G'), stop('H'), start('I', context.reliable ? 0 : context.t4Ms)] };
      }
      if (event.type === 'timer' && event.timer === 'G') {
        const intervalMs = Math.min(state.intervalMs * 2, context.t2Ms);
        return { state: { name: 'completed', intervalMs }, effects: [RESEND, start('G', intervalMs)] };
      }
      return event.type === 'timer' && event.timer === 'H'
        ? { state: { name: 'terminated' }, effects: [stop('G'), TIMED_OUT] }
        : stay(state);
    case 'confirmed':
      return event.type === 'timer' && event.timer === 'I' ? { state: { name: 'terminated' }, effects: [] } : stay(state);
    case 'terminated':
      return stay(state);
  }
}
