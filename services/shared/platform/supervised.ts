import type { Health } from './service.js';

/**
 * The line to the supervisor: `ready` once, `health` when asked, and the end of this process when the channel closes, so that no role
 * outlives its supervisor.
 */
export function reportToSupervisor({ health, stop }: { readonly health: () => Promise<Health>; readonly stop: () => void }): {
  ready(info: object): void;
} {
  process.on('message', (message: { readonly type?: string }) => {
    if (message.type === 'health?') void health().then((answer) => process.send?.({ type: 'health', ...answer }));
    if (message.type === 'stop') stop();
  });
  process.on('disconnect', stop);
  return { ready: (info) => void process.send?.({ type: 'ready', info }) };
}
