import { DELIVER, FAILED, RESEND, SEND, TIMED_OUT, start, stay, stop, type MachineContext, type Step, type TimerName } from './machine.js';

/**
 * Non-INVITE client transaction (RFC 3261 section 17.1.2).
 *
 *     trying --1xx--> proceeding --final--> completed --K--> terminated
 *        |                 |
 *        `------ F or send error ------> terminated
 */
export type NonInviteClientState =
  | { readonly name: 'idle' }
  | { readonly name: 'trying' | 'proceeding'; readonly intervalMs: number }
  | { readonly name: 'completed' | 'terminated' };

export type NonInviteClientEvent =
  | { readonly type: 'start' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'send-failed' };

export function nonInviteClient(
  state: NonInviteClientState,
  event: NonInviteClientEvent,
  context: MachineContext,
): Step<NonInviteClientState> {
  switch (state.name) {
    case 'idle':
      if (event.type === 'send-failed') return { state: { name: 'terminated' }, effects: [FAILED] };
      if (event.type !== 'start') return stay(state);
      return {
        state: { name: 'trying', intervalMs: context.t1Ms },
        effects: [SEND, ...(context.reliable ? [] : [start('E', context.t1Ms)]), start('F', 64 * context.t1Ms)],
      };
    case 'trying':
    case 'proceeding':
      if (event.type === 'send-failed') return { state: { name: 'terminated' }, effects: [stop('E'), stop('F'), FAILED] };
      if (event.type === 'response') {
        if (event.status < 200) return { state: { name: 'proceeding', intervalMs: context.t2Ms }, effects: [DELIVER] };
        return { state: { name: 'completed' }, effects: [stop('E'), stop('F'), DELIVER, start('K', context.reliable ? 0 : context.t4Ms)] };
      }
      if (event.type === 'timer' && event.timer === 'E') {
        // Once a provisional has come the interval is T2 (section 17.1.2.2).
        const intervalMs = state.name === 'proceeding' ? context.t2Ms : Math.min(state.intervalMs * 2, context.t2Ms);
        return { state: { name: state.name, intervalMs }, effects: [RESEND, start('E', intervalMs)] };
      }
      return event.type === 'timer' && event.timer === 'F'
        ? { state: { name: 'terminated' }, effects: [stop('E'), TIMED_OUT] }
        : stay(state);
    case 'completed':
      return event.type === 'timer' && event.timer === 'K' ? { state: { name: 'terminated' }, effects: [] } : stay(state);
    case 'terminated':
      return stay(state);
  }
}
