import { LOW_SCORE } from '../shared/domain/survey-score.js';
import type { EventBus, Handlers } from '../shared/events/catalogue.js';
import type { PendingSurveys, SurveyStore, TaskStore } from './ports.js';
import { scoreOf, solvedOf, type Invitation, type SurveyAnswer } from './survey.js';

export interface CollectorDependencies {
  readonly surveys: SurveyStore;
  readonly tasks: TaskStore;
  readonly pending: PendingSurveys;
  readonly bus: EventBus;
}

/**
 * Records what callers are asked and what they answer. One event brings the score of a call and another one whether the matter was solved:
 * the first writes a row, the second writes a correction of it. Handlers may run twice, so the ids of rows are derived from those of the
 * events.
 */
export function createSurveyCollector({ surveys, tasks, pending, bus }: CollectorDependencies): Handlers {
  return {
    'call.survey-started': async ({ callId, at, agentId, queueId, called, language }) => {
      await surveys.invite({
        surveyId: callId,
        callId,
        at: new Date(at),
        method: 'keys',
        language,
        ...(agentId === undefined ? {} : { agentId }),
        ...(queueId === undefined ? {} : { queueId }),
        ...(called === undefined ? {} : { called }),
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
      await answerGiven({ tasks, bus }, known.invitation, answer);
    },
    /** The caller hung up while talking to an agent, so nobody could be asked at the end: a link may ask instead. */
    'call.ended': async ({ callId, at, by, agentId, queueId, cause }) => {
      if (by !== 'caller' || agentId === undefined || cause !== 'completed') return;
      if ((await surveys.ofCall(callId)) !== undefined) return;
      await pending.put({ callId, at: new Date(at), agentId, ...(queueId === undefined ? {} : { queueId }) });
    },
  };
}

/** What follows from an answer, by keys or by link: pages are told, and a low score opens a call-back. */
export async function answerGiven(
  { tasks, bus }: Pick<CollectorDependencies, 'tasks' | 'bus'>,
  { callId, surveyId, agentId, queueId, called }: Invitation,
  { at, score, solved }: SurveyAnswer,
): Promise<void> {
  const who = { ...(agentId === undefined ? {} : { agentId }), ...(queueId === undefined ? {} : { queueId }) };
  if (score !== null && score <= LOW_SCORE)
    await tasks.open({
      taskId: callId,
      callId,
      openedAt: at,
      reason: 'low-score',
      score,
      state: 'open',
      ...who,
      ...(called === undefined ? {} : { called }),
    });
  await bus.publish('survey.recorded', {
    surveyId,
    callId,
    at: at.toISOString(),
    ...(score === null ? {} : { score }),
    ...(solved === null ? {} : { solved }),
    ...who,
  });
}
