import type { EventInput } from '../../shared/events/catalogue.js';
import { monitoringModes, type MonitoringMode } from '../../shared/domain/calls/listening.js';
import type { Call, Stage } from './call.js';
import type { Effect } from './effects.js';
import { agentOf, iso } from './step.js';

/**
 * What a supervisor has heard, published when it ends: by a stop, another mode, a take-over, or the end of the conversation or the call. It
 * follows from the two states alone, so that no way out of a conversation can forget it.
 */
export function listeningEnded(before: Call, now: Call, atMs: number): Effect[] {
  const { stage } = before;
  if (stage === now.stage || stage.kind !== 'connected') return [];
  const goesOn = listenersIn(now.stage);
  return [...listenersIn(stage)].flatMap(([agentId, mode]): Effect[] => {
    const next = goesOn.get(agentId);
    if (next === mode) return [];
    const beganAtMs = before.history.findLast((mark) => isBegin(mark, agentId, mode))?.atMs ?? atMs;
    const event: Omit<EventInput<'call.listened'>, 'callId' | 'at'> = {
      agentId,
      listenedAgentId: stage.agentId,
      mode,
      beganAt: iso(beganAtMs),
      seconds: Math.max(0, Math.round((atMs - beganAtMs) / 1_000)),
      ...(next === undefined ? {} : { next }),
    };
    return [{ do: 'publish', name: 'call.listened', event }];
  });
}

const isBegin = ({ what, agentId, detail }: Call['history'][number], who: string, mode: MonitoringMode): boolean =>
  what === 'party-joined' && agentId === who && detail === mode;

/** Who supervises a conversation, and how. */
export function listenersIn(stage: Stage): ReadonlyMap<string, MonitoringMode> {
  const found = new Map<string, MonitoringMode>();
  if (stage.kind !== 'connected') return found;
  for (const { id, role, barged } of stage.parties) {
    const agentId = agentOf(id);
    const mode = monitoringModes.find((each) => each === (role !== 'talk' ? role : barged === true ? 'barge' : undefined));
    if (agentId !== undefined && mode !== undefined) found.set(agentId, mode);
  }
  return found;
}
