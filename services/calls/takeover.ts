import type { Call } from './call.js';
import type { Effect } from './effects.js';
import { PARK_FOR_MS } from './parking.js';
import { ringTimer } from './queueing.js';
import { limit } from './recording-pause.js';
import { DEFAULT_MAX_WAIT_MS } from './flow-steps.js';

/**
 * What a process that takes a call over must set going again: clocks that ran in the one that died, and the prompt that was being heard,
 * which is said again from its beginning. Undefined for a call that cannot be gone on with.
 */
export function takeOverEffects(call: Call, nowMs: number): readonly Effect[] | undefined {
  const { stage, flow } = call;
  const notice: Effect[] =
    call.notice === 'playing' && stage.kind !== 'playing' ? [{ do: 'play', prompts: [flow.noticePromptId], token: 'notice' }] : [];
  switch (stage.kind) {
    case 'playing': {
      const from = Object.values(flow.steps).find((flowStep) => flowStep.kind === 'play' && flowStep.then === stage.then);
      const promptId = stage.what === 'notice' ? flow.noticePromptId : from?.kind === 'play' ? from.promptId : undefined;
      return [{ do: 'play', prompts: promptId === undefined ? [] : [promptId], token: stage.token }];
    }
    case 'menu': {
      const menu = flow.steps[stage.stepId];
      return [{ do: 'play', prompts: menu?.kind === 'menu' ? [menu.promptId] : [], token: stage.token }];
    }
    case 'survey': {
      const question = flow.survey?.questions[stage.question];
      return [{ do: 'play', prompts: question === undefined ? [] : [question.promptId], token: stage.token }];
    }
    case 'message':
      return [{ do: 'play', prompts: ['beep'], token: stage.token }];
    case 'closing':
      return [{ do: 'play', prompts: [], token: stage.token }];
    case 'admitting':
      return [...notice, { do: 'ask-queue', queueId: stage.queueId }];
    case 'queued':
    case 'offered': {
      const queueStep = stage.stepId === undefined ? undefined : flow.steps[stage.stepId];
      const [maxWaitMs, announce] = queueStep?.kind === 'queue' ? [queueStep.maxWaitMs, queueStep.announce] : [DEFAULT_MAX_WAIT_MS];
      const waitedMs = nowMs - (call.history.findLast(({ what }) => what === 'queued')?.atMs ?? nowMs);
      if (stage.kind === 'offered' && stage.answeredBy !== undefined) return notice;
      return [
        ...notice,
        { do: 'start-timer', timer: 'queue-wait', ms: Math.max(1_000, maxWaitMs - waitedMs), token: 'taken-over' },
        ...(announce === undefined ? [] : [{ do: 'start-timer', timer: 'announce', ms: announce.everyMs, token: 'taken-over' } as const]),
        ...(stage.kind === 'offered' ? stage.offers.map(ringTimer) : []),
      ];
    }
    case 'connected':
      return [
        ...(stage.away ? [{ do: 'start-timer', timer: 'seat-grace', ms: 0, token: 'seat' } as const] : []),
        ...(stage.consult?.offer === undefined ? [] : [ringTimer(stage.consult.offer)]),
        ...(call.pause?.by === 'field' ? [limit(call.pause)] : []),
      ];
    case 'outside':
      return [];
    case 'parked':
      return [{ do: 'start-timer', timer: 'park', ms: PARK_FOR_MS, token: stage.token }];
    case 'calling':
      return stage.notice === undefined ? undefined : [{ do: 'play', prompts: [flow.noticePromptId], token: stage.notice }];
    // Still being answered or dialled: the other end knows nothing of a call yet.
    case 'arriving':
    case 'dialling':
    case 'ended':
      return undefined;
  }
}
