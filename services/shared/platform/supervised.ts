import type { Ending, Health } from './service.js';

/**
 * The line to the supervisor: `ready` once, `health` when asked, `draining` with the number of calls that are left, and the end of this
 * process. When the channel closes there is no supervisor any more that would start another: the product has ended.
 */
export function reportToSupervisor(
  {
    health,
    drain,
    stop,
  }: {
    readonly health: () => Promise<Health>;
    readonly drain: (tell: (calls: number) => void) => void;
    readonly stop: (ending: Ending) => void;
  },
  line: Pick<NodeJS.Process, 'on' | 'send' | 'connected'> = process,
): {
  ready(info: object): void;
} {
  line.on('message', (message: { readonly type?: string; readonly ending?: Ending }) => {
    if (message.type === 'health?') void health().then((answer) => line.send?.({ type: 'health', ...answer }));
    if (message.type === 'drain') drain((calls) => void line.send?.({ type: 'draining', calls }));
    if (message.type === 'stop') stop(message.ending ?? 'process');
  });
  line.on('disconnect', () => stop('product'));
  // The channel may have closed while this process was still starting. Its event is over then.
  if (line.send !== undefined && !line.connected) stop('product');
  return { ready: (info) => void line.send?.({ type: 'ready', info }) };
}
