import type { Controller, Live } from './controller.js';
import { outsideLeg } from '../media/media-director.js';
import type { CallMedia } from '../ports.js';
import { OWN_LEG } from '../dialling/dialled-legs.js';
import { takeOverEffects } from '../machine/takeover.js';

/**
 * This process ends and another continues its calls: each is brought to a state in which it can be taken over. A leg that is being dialled
 * belongs to this process alone and is cancelled. A call that the other end does not know yet ends. Resolves when the stored state is the
 * actual one.
 */
export async function leaveCalls(controller: Controller, media: Pick<CallMedia, 'release'>, nowMs: () => number): Promise<void> {
  const all = [...controller.all()];
  for (const { answering } of all) await answering;
  await Promise.all(all.map((live) => callOff(live, controller, media, nowMs())));
  await settled(controller);
  // A timer of this process must not act on a call that another process has taken over by now.
  for (const { timers } of controller.all()) {
    for (const cancel of timers.values()) cancel();
    timers.clear();
  }
  await settled(controller);
}

async function callOff({ call, outside }: Live, controller: Controller, media: Pick<CallMedia, 'release'>, nowMs: number): Promise<void> {
  const released: Promise<unknown>[] = [];
  for (const [legId, { leg, abort }] of outside) {
    if (leg !== undefined || legId === OWN_LEG) continue;
    abort.abort();
    controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });
    // The far end's answer to the CANCEL arrives when this process is gone.
    released.push(media.release(outsideLeg(call.id, legId)).catch(() => undefined));
  }
  const now = controller.get(call.id)?.call;
  if (now !== undefined && takeOverEffects(now, nowMs) === undefined)
    controller.dispatch(call.id, { type: 'lost', cause: 'system-failure', by: 'system' });
  await Promise.all(released);
}

/** Effects may cause further events with effects of their own. */
async function settled(controller: Controller): Promise<void> {
  for (;;) {
    const before = [...controller.all()].map(({ effects }) => effects);
    await Promise.all(before);
    const now = [...controller.all()];
    if (now.every(({ effects }) => before.includes(effects))) return;
  }
}
