import {
  ACK,
  DELIVER,
  FAILED,
  RESEND,
  SEND,
  TIMED_OUT,
  start,
  stay,
  stop,
  type Effect,
  type MachineContext,
  type Step,
  type TimerName,
} from './machine.js';

/**
 * INVITE client transaction (RFC 3261 section 17.1.1 as amended by RFC 6026 section 7.2).
 *
 *     calling --1xx--> proceeding --3xx..6xx--> completed --D--> terminated
 *        |                 |                        (ACK each)
 *        |                 `---2xx---> accepted --M--> terminated
 *        `--B, send error--> terminated          (each 2xx goes up)
 */
export type InviteClientState =
  | { readonly name: 'idle' }
  | { readonly name: 'calling'; readonly intervalMs: number }
  | { readonly name: 'proceeding' | 'completed' | 'accepted' | 'terminated' };

export type InviteClientEvent =
  | { readonly type: 'start' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'send-failed' };

function onFinal(status: number, context: MachineContext): Step<InviteClientState> {
  const quiet: Effect[] = [stop('A'), stop('B')];
  // RFC 6026 section 8.4: stay to take the 2xx of other forks and repeated ones.
  if (status < 300) return { state: { name: 'accepted' }, effects: [...quiet, DELIVER, start('M', 64 * context.t1Ms)] };
  // RFC 3261 section 17.1.1.2: D is at least 32 s on UDP and nothing on a reliable transport.
  const linger = context.reliable ? 0 : Math.max(64 * context.t1Ms, context.t4Ms);
  return { state: { name: 'completed' }, effects: [...quiet, ACK, DELIVER, start('D', linger)] };
}

export function inviteClient(state: InviteClientState, event: InviteClientEvent, context: MachineContext): Step<InviteClientState> {
  if (event.type === 'send-failed') {
    return state.name === 'terminated'
      ? stay(state)
      : { state: { name: 'terminated' }, effects: state.name === 'accepted' ? [] : [FAILED] };
  }
  switch (state.name) {
    case 'idle':
      if (event.type !== 'start') return stay(state);
      return {
        state: { name: 'calling', intervalMs: context.t1Ms },
        effects: [SEND, ...(context.reliable ? [] : [start('A', context.t1Ms)]), start('B', 64 * context.t1Ms)],
      };
    case 'calling':
      if (event.type === 'response') {
        if (event.status >= 200) return onFinal(event.status, context);
        return { state: { name: 'proceeding' }, effects: [stop('A'), stop('B'), DELIVER] };
      }
      if (event.type === 'timer' && event.timer === 'A') {
        const intervalMs = state.intervalMs * 2;
        return { state: { name: 'calling', intervalMs }, effects: [RESEND, start('A', intervalMs)] };
      }
      return event.type === 'timer' && event.timer === 'B'
        ? { state: { name: 'terminated' }, effects: [stop('A'), TIMED_OUT] }
        : stay(state);
    case 'proceeding':
      if (event.type !== 'response') return stay(state);
      return event.status >= 200 ? onFinal(event.status, context) : { state, effects: [DELIVER] };
    case 'completed':
      if (event.type === 'response') return event.status >= 300 ? { state, effects: [ACK] } : stay(state);
      return event.type === 'timer' && event.timer === 'D' ? { state: { name: 'terminated' }, effects: [] } : stay(state);
    case 'accepted':
      if (event.type === 'response') return event.status >= 200 && event.status < 300 ? { state, effects: [DELIVER] } : stay(state);
      return event.type === 'timer' && event.timer === 'M' ? { state: { name: 'terminated' }, effects: [] } : stay(state);
    case 'terminated':
      return stay(state);
  }
}
