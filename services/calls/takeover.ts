import type { Call } from './call.js';
import type { Effect } from './effects.js';
import { PARK_FOR_MS } from './parking.js';
import { graceFor } from './parties.js';
import { ringTimer } from './queueing.js';
import { limit } from './recording-pause.js';
import { DEFAULT_MAX_WAIT_MS } from './flow-steps.js';
import { agentOf } from './step.js';

/**
 * What a process that takes a call over must set going again: clocks that ran in the one that died. What is heard follows from the state,
 * so that a prompt is said again from its beginning. Undefined for a call that cannot be gone on with.
 */
export function takeOverEffects(call: Call, nowMs: number): readonly Effect[] | undefined {
  const { stage, flow } = call;
  const sinceMs = (mark: 'queued' | 'parked'): number => nowMs - (call.history.findLast(({ what }) => what === mark)?.atMs ?? nowMs);
  switch (stage.kind) {
    case 'playing':
    case 'survey':
    case 'closing':
      return [];
    case 'menu': {
      const menu = flow.steps[stage.stepId];
      return stage.prompt === 'done' && menu?.kind === 'menu'
        ? [{ do: 'start-timer', timer: 'menu', ms: menu.waitMs, token: stage.token }]
        : [];
    }
    case 'message':
      return stage.speaking ? [{ do: 'start-timer', timer: 'message', ms: stage.maxMs, token: stage.token }] : [];
    case 'admitting':
      return [{ do: 'ask-queue', queueId: stage.queueId }];
    case 'queued':
    case 'offered': {
      const queueStep = stage.stepId === undefined ? undefined : flow.steps[stage.stepId];
      const [maxWaitMs, announce] = queueStep?.kind === 'queue' ? [queueStep.maxWaitMs, queueStep.announce] : [DEFAULT_MAX_WAIT_MS];
      const waitedMs = sinceMs('queued');
      if (stage.kind === 'offered' && stage.answeredBy !== undefined) return [];
      const asking = stage.kind === 'queued' && stage.announcing?.prompts === undefined ? stage.announcing?.token : undefined;
      return [
        ...(asking === undefined ? [] : [{ do: 'ask-place', token: asking } as const]),
        { do: 'start-timer', timer: 'queue-wait', ms: Math.max(1_000, maxWaitMs - waitedMs), token: 'taken-over' },
        ...(announce === undefined ? [] : [{ do: 'start-timer', timer: 'announce', ms: announce.everyMs, token: 'taken-over' } as const]),
        ...(stage.kind === 'offered' ? stage.offers.map(ringTimer) : []),
      ];
    }
    case 'connected':
      return [
        ...(stage.away ? [graceFor(stage.agentId)] : []),
        ...stage.parties.flatMap(({ id, away }) => (away === true ? [graceFor(agentOf(id) ?? '')] : [])),
        ...(stage.consult?.away === true ? [graceFor(agentOf(stage.consult.party ?? '') ?? '')] : []),
        ...(stage.consult?.offer === undefined ? [] : [ringTimer(stage.consult.offer)]),
        ...(call.pause?.by === 'field' ? [limit(call.pause)] : []),
      ];
    case 'outside':
      return [];
    case 'parked':
      return [{ do: 'start-timer', timer: 'park', ms: Math.max(1_000, PARK_FOR_MS - sinceMs('parked')), token: stage.token }];
    case 'calling':
      return stage.notice === undefined ? undefined : [];
    // The caller is there, and goes on as when the number did not answer.
    case 'dialling':
      return [];
    // The other end knows nothing of a call yet.
    case 'arriving':
    case 'ended':
      return undefined;
  }
}
