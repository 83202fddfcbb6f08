import type { Ending, Health } from './service.js';

/**
 * The channel to the supervisor: `ready` once, with the roles that stand by, `health` when asked, `draining` with the number of remaining calls, and the end of this
 * process. When a supervisor ends, this process ends with it (bound-process.ts).
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
  line: Pick<NodeJS.Process, 'on' | 'send'> = process,
): {
  ready(info: { readonly roles: readonly string[]; readonly standsBy: readonly string[] }): void;
} {
  line.on('message', (message: { readonly type?: string; readonly ending?: Ending }) => {
    if (message.type === 'health?') void health().then((answer) => line.send?.({ type: 'health', ...answer }));
    if (message.type === 'drain') drain((calls) => void line.send?.({ type: 'draining', calls }));
    if (message.type === 'stop') stop(message.ending ?? 'process');
  });
  return { ready: (info) => void line.send?.({ type: 'ready', info }) };
}
