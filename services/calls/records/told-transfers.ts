import { isHandOver, sentOnIn } from '../../shared/domain/figures/hand-over.js';
import type { Call } from '../machine/call.js';
import type { Effect } from '../machine/effects.js';
import { talksOf } from './record.js';
import { segmentsOf } from './segments.js';

/** The end of a call of service that came in says which handlings ended by a transfer, as its record does. */
export function toldTransfers(
  { call, effects }: { readonly call: Call; readonly effects: readonly Effect[] },
  atMs: number,
): readonly Effect[] {
  const { direction, history, visits = [] } = call;
  if (direction !== 'inbound' || call.class === 'test' || call.stage.kind !== 'ended' || !history.some(isHandOver)) return effects;
  // Holds divide a handling and are not needed to know where it begins.
  const segments = segmentsOf({ offers: [], holds: [], talks: talksOf(history, atMs), visits, history }, atMs);
  const transfers = sentOnIn({ segments, history }).map(({ place, first: { agentId, fromMs, queueId } }) => ({
    ...{ handling: place, at: new Date(fromMs).toISOString(), agentId },
    ...(queueId === undefined ? {} : { queueId }),
  }));
  const { called, trunkId } = call;
  return effects.map((effect) => {
    if (effect.do !== 'publish' || effect.name !== 'call.ended') return effect;
    return { ...effect, event: { ...effect.event, called, trunkId, transfers } };
  });
}
