import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { NotInvitedRow, PendingSurvey, PendingSurveys, SurveyStore, UnaskedCalls } from '../ports.js';
import { ASKED_AGAIN_AFTER_MS, decideLink, linkText } from './link-survey.js';

/** The call's record is written within seconds of its end; after this a call without one is not asked. */
const RECORD_WITHIN_MS = 600_000;
const BATCH = 100;

export interface LinkInviterDependencies {
  readonly surveys: SurveyStore;
  readonly pending: PendingSurveys;
  readonly calls: UnaskedCalls;
  readonly refused: (number: string) => Promise<boolean>;
  readonly canSend: boolean;
  readonly queue: (message: {
    readonly surveyId: string;
    readonly to: string;
    readonly text: string;
    readonly sendAt: Date;
  }) => Promise<void>;
  readonly linkOf: (surveyId: string) => string;
  readonly hashNumber: NumberHash;
  readonly minuteOfDay: (at: Date) => number;
  readonly now: () => Date;
}

/**
 * Sends a link to callers who hung up before they could be asked. Every such call ends as an invitation or as a row that says why not, so
 * nobody can improve the response rate by leaving people out.
 */
export function createLinkInviter(needs: LinkInviterDependencies) {
  const { surveys, pending, calls, refused, canSend, queue, linkOf, hashNumber, minuteOfDay, now } = needs;

  async function decide(waiting: PendingSurvey, at: Date): Promise<void> {
    const { callId, agentId, queueId } = waiting;
    const call = await calls.byId(callId);
    const who = {
      ...(call?.called === undefined ? {} : { called: call.called }),
      ...(agentId === undefined ? {} : { agentId }),
      ...(queueId === undefined ? {} : { queueId }),
    };
    const not = (reason: NotInvitedRow['reason']): Promise<void> => surveys.notInvited({ callId, at: waiting.at, reason, ...who });
    if (call === undefined) {
      if (at.getTime() - waiting.at.getTime() < RECORD_WITHIN_MS) return;
      await not('no-record');
      return pending.done(callId);
    }
    const numberHash = hashNumber(call.number);
    const decision = decideLink({
      call,
      refused: await refused(call.number),
      askedRecently:
        numberHash !== undefined && (await surveys.askedByLink(numberHash, new Date(at.getTime() - ASKED_AGAIN_AFTER_MS), callId)),
      canSend,
      minuteOfDay: minuteOfDay(at),
      now: at,
    });
    if ('not' in decision) await not(decision.not);
    else {
      await surveys.invite({
        surveyId: callId,
        callId,
        at: decision.sendAt,
        method: 'sms',
        language: call.language,
        ...(numberHash === undefined ? {} : { numberHash }),
        ...who,
      });
      await queue({ surveyId: callId, to: call.number, text: linkText(call.language, linkOf(callId)), sendAt: decision.sendAt });
    }
    return pending.done(callId);
  }

  /** Decides about every call that waits; one at a time, so that one number is not asked twice. */
  return async function look(): Promise<void> {
    for (const waiting of await pending.all(BATCH)) await decide(waiting, now());
  };
}
