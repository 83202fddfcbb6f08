import type { EventBus, Handlers } from '../shared/events/catalogue.js';
import type { SurveyStore, TaskStore } from './ports.js';
import { LOW_SCORE, scoreOf, solvedOf, type SurveyAnswer } from './survey.js';

export interface CollectorDependencies {
  readonly surveys: SurveyStore;
  readonly tasks: TaskStore;
  readonly bus: EventBus;
}

/**
 * Writes down what callers are asked and what they say. The score of a call comes by one event and whether it was solved by another: a row is
 * written at the first, and again, as a correction of it, at the second. Handlers may run twice: rows have ids made of the event's.
 */
export function createSurveyCollector({ surveys, tasks, bus }: CollectorDependencies): Handlers {
  return {
    'call.survey-started': async ({ callId, at, agentId, queueId, language }) => {
      await surveys.invite({
        surveyId: callId,
        callId,
        at: new Date(at),
        method: 'keys',
        language,
        ...(agentId === undefined ? {} : { agentId }),
        ...(queueId === undefined ? {} : { queueId }),
      });
    },
    'call.survey-answered': async ({ callId, at, question, key }, id) => {
      const known = await surveys.ofCall(callId);
      if (known === undefined || known.answers.some(({ answerId }) => answerId === id)) return;
      const before = known.answers.at(-1);
      const score = question === 'score' ? scoreOf(key) : before?.score;
      const solved = question === 'solved' ? solvedOf(key) : before?.solved;
      if (score === undefined && solved === undefined) return;
      const answer: SurveyAnswer = {
        answerId: id,
        surveyId: callId,
        at: new Date(at),
        score: score ?? null,
        solved: solved ?? null,
        by: 'caller',
        ...(before === undefined ? {} : { corrects: before.answerId }),
      };
      await surveys.answer(answer);
      const { agentId, queueId } = known.invitation;
      await bus.publish('survey.recorded', {
        surveyId: callId,
        callId,
        at,
        ...(answer.score === null ? {} : { score: answer.score }),
        ...(answer.solved === null ? {} : { solved: answer.solved }),
        ...(agentId === undefined ? {} : { agentId }),
        ...(queueId === undefined ? {} : { queueId }),
      });
      if (question === 'score' && answer.score !== null && answer.score <= LOW_SCORE)
        await tasks.open({ taskId: callId, callId, openedAt: new Date(at), reason: 'low-score', score: answer.score, state: 'open' });
    },
  };
}
