import { CallCentreError } from '../../shared/domain/failure.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import type { SurveyStore, TaskStore } from '../ports.js';
import { answerGiven } from '../survey-collector.js';
import type { Invitation, SurveyAnswer } from '../survey.js';
import { LINK_MS } from './link-survey.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

export interface LinkHttp {
  readonly surveys: SurveyStore;
  readonly tasks: TaskStore;
  readonly bus: EventBus;
  /** Whether the signature belongs to the survey; compared in constant time. */
  readonly signed: (surveyId: string, signature: string) => boolean;
}

/** The pages behind a survey's link: its holder may answer once, and nobody can forge one. */
export function createLinkRoutes({ surveys, tasks, bus, signed }: LinkHttp): Route[] {
  async function behind({
    surveyId,
    signature,
  }: {
    readonly surveyId: string;
    readonly signature: string;
  }): Promise<{ invitation: Invitation; answers: SurveyAnswer[] }> {
    if (!signed(surveyId, signature)) throw new CallCentreError('not-found', 'This link is not valid.');
    const known = await surveys.ofCall(surveyId);
    if (known === undefined || systemClock.nowMs() - known.invitation.at.getTime() > LINK_MS)
      throw new CallCentreError('not-found', 'This link has expired.');
    return known;
  }
  return [
    route('GET /survey/:surveyId/:signature', {
      reach: { kind: 'public' },
      handle: async ({ params: link }) => {
        const { invitation, answers } = await behind(link);
        return { state: answers.length === 0 ? ('open' as const) : ('answered' as const), language: invitation.language };
      },
    }),
    route('POST /survey/:surveyId/:signature', {
      reach: { kind: 'public' },
      handle: async ({ params: link, body }) => {
        const { invitation, answers } = await behind(link);
        const { surveyId } = invitation;
        const answer: SurveyAnswer = { answerId: `link-${surveyId}`, surveyId, at: new Date(), by: 'caller', ...body };
        // The store decides between two simultaneous answers.
        if (answers.length > 0 || !(await surveys.answer(answer)))
          throw new CallCentreError('wrong-state', 'This call has been scored already. Thank you.');
        await answerGiven({ tasks, bus }, invitation, answer);
      },
    }),
  ];
}
