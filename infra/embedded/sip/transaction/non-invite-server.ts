import { FAILED, RESEND, SEND, start, stay, type MachineContext, type Step, type TimerName } from './machine.js';

/**
 * Non-INVITE server transaction (RFC 3261 section 17.2.2).
 *
 *     trying --1xx--> proceeding --final--> completed --J--> terminated
 */
export type NonInviteServerState = { readonly name: 'trying' | 'proceeding' | 'completed' | 'terminated' };

export type NonInviteServerEvent =
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'request' }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'send-failed' };

export function nonInviteServer(
  state: NonInviteServerState,
  event: NonInviteServerEvent,
  context: MachineContext,
): Step<NonInviteServerState> {
  switch (state.name) {
    case 'trying':
    case 'proceeding':
      if (event.type === 'request') return state.name === 'proceeding' ? { state, effects: [RESEND] } : stay(state);
      if (event.type === 'send-failed') return { state, effects: [FAILED] };
      if (event.type !== 'respond') return stay(state);
      if (event.status < 200) return { state: { name: 'proceeding' }, effects: [SEND] };
      return { state: { name: 'completed' }, effects: [SEND, start('J', context.reliable ? 0 : 64 * context.t1Ms)] };
    case 'completed':
      if (event.type === 'request') return { state, effects: [RESEND] };
      return event.type === 'timer' && event.timer === 'J' ? { state: { name: 'terminated' }, effects: [] } : stay(state);
    case 'terminated':
      return stay(state);
  }
}
