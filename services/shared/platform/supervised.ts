import type { Ending, Health } from './service.js';

/**
 * The line to the supervisor: `ready` once, `health` when asked, `draining` with the number of calls that are left, and the end of this
 * process. When the channel closes there is no supervisor any more that would start another: the product has ended.
 */
export function reportToSupervisor({
  health,
  drain,
  stop,
}: {
  readonly health: () => Promise<Health>;
  readonly drain: (tell: (calls: number) => void) => void;
  readonly stop: (ending: Ending) => void;
}): {
  ready(info: object): void;
} {
  process.on('message', (message: { readonly type?: string; readonly ending?: Ending }) => {
    if (message.type === 'health?') void health().then((answer) => process.send?.({ type: 'health', ...answer }));
    if (message.type === 'drain') drain((calls) => void process.send?.({ type: 'draining', calls }));
    if (message.type === 'stop') stop(message.ending ?? 'process');
  });
  process.on('disconnect', () => stop('product'));
  return { ready: (info) => void process.send?.({ type: 'ready', info }) };
}
