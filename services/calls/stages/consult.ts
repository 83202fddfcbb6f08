import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { TransferTarget } from '../../shared/contracts/calls/hand-over.js';
import type { Introduction } from '../../shared/contracts/calls/hand-over.js';
import { agentParty, numberParty, type Call, type Connected, type Consult, type Mark } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Step, Effect } from '../machine/effects.js';
import { consultReleased, graceFor, handOn, heirOf, noGrace, released } from '../machine/parties.js';
import { handedOn } from './handing-over.js';
import { DIRECT_RING_MS, offered, priorityOf, requeue, ringTimer } from './queueing.js';
import { after, agentOf, changed, iso, left, legOf, nextToken, offerEnded, refuse, step, type OfferOutcome } from '../machine/step.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** The agent consults a colleague, a queue or a number while the caller hears music. Each failure leads back to the caller. */
export function startConsult(
  call: Call,
  stage: Connected,
  target: TransferTarget,
  { permit, note }: { readonly permit?: DialPermit | undefined; readonly note?: string | undefined },
  atMs: number,
): Advance {
  if (stage.consult !== undefined || stage.away) return refuse('wrong-state');
  if (target.to === 'seat' && (target.agentId === stage.agentId || stage.parties.some(({ id }) => agentOf(id) === target.agentId)))
    return refuse('invalid-request');
  const [turned, token] = nextToken(call);
  const base: Consult = { target, state: 'ringing', party: undefined, offer: undefined, note };
  const introduction = introductionOf(stage, note);
  const mark: Mark = { atMs, what: 'consulting', agentId: stage.agentId, detail: target.to };
  switch (target.to) {
    case 'seat': {
      const offer = { offerId: `${call.id}-${token}`, agentId: target.agentId, ringForMs: DIRECT_RING_MS, autoAnswer: false };
      return step(
        turned,
        { stage: { ...stage, consult: { ...base, offer } } },
        [{ do: 'ring', offer }, offered(call, undefined, offer, atMs, introduction), ringTimer(offer)],
        [mark],
      );
    }
    case 'queue':
      return step(
        turned,
        { stage: { ...stage, consult: base } },
        [
          {
            do: 'publish',
            name: 'call.queued',
            event: {
              queueId: target.queueId,
              callerMasked: call.callerMasked,
              called: call.called,
              language: call.language,
              priority: priorityOf(call),
              waitingSince: iso(atMs),
              returned: true,
              choices: [...call.choices],
              avoid: [stage.agentId],
            },
          },
        ],
        [mark],
      );
    case 'number':
      if (permit === undefined) return refuse('not-allowed');
      return step(
        turned,
        { stage: { ...stage, consult: { ...base, party: numberParty(token) } } },
        [{ do: 'dial', legId: token, number: permit.number, by: { permit } }],
        [mark],
      );
  }
}

/** The consulting agent, for the card of the consulted one. */
export const introductionOf = ({ agentId }: Connected, note: string | undefined): Introduction => ({
  kind: 'consultation',
  agentId,
  ...(note === undefined ? {} : { note }),
});

/** Handles the events of the consultation; undefined means that the conversation handles the event. */
export function duringConsult(call: Call, stage: Connected, consult: Consult, event: CallEvent, atMs: number): Advance | undefined {
  switch (event.type) {
    case 'offer':
      if (consult.state !== 'ringing' || consult.target.to !== 'queue' || consult.offer !== undefined) return refuse('wrong-state');
      return step(call, { stage: { ...stage, consult: { ...consult, offer: event.offer } } }, [
        { do: 'ring', offer: event.offer },
        offered(call, consult.target.queueId, event.offer, atMs, introductionOf(stage, consult.note)),
        ringTimer(event.offer),
      ]);
    case 'agent-answered':
      if (consult.offer?.agentId !== event.agentId) return refuse('not-allowed');
      return consult.state === 'ringing' ? answered(call, stage, consult, consult.offer.agentId, atMs) : refuse('wrong-state');
    case 'leg-answered':
      if (consult.party === undefined || legOf(consult.party) !== event.legId) return undefined;
      return step(call, { stage: { ...stage, consult: { ...consult, state: 'talking' } } });
    case 'declined':
      return consult.offer?.agentId === event.agentId
        ? failed(call, stage, consult, 'declined', atMs, event.reason)
        : refuse('not-allowed');
    case 'timer':
      if (event.timer === 'ring' && event.token === consult.offer?.offerId) return failed(call, stage, consult, 'no-answer', atMs);
      return event.timer === 'seat-grace' && consult.away === true && consult.party === agentParty(event.token)
        ? back(call, stage, consult, [], atMs)
        : undefined;
    case 'leg-failed':
    case 'leg-ended':
      return consult.party !== undefined && legOf(consult.party) === event.legId ? back(call, stage, consult, [], atMs) : undefined;
    case 'seat-down':
      if (consult.offer?.agentId === event.agentId) return failed(call, stage, consult, 'seat-lost', atMs);
      return consult.party === agentParty(event.agentId) && consult.away !== true
        ? step(call, { stage: { ...stage, consult: { ...consult, away: true } } }, [graceFor(event.agentId)])
        : undefined;
    case 'seat-up':
      return consult.party === agentParty(event.agentId) && consult.away === true
        ? step(call, { stage: { ...stage, consult: { ...consult, away: false } } }, [noGrace(event.agentId), changed(event.agentId)])
        : undefined;
    case 'consult-end':
      return event.agentId === stage.agentId ? endConsult(call, stage, consult, event.how, atMs) : refuse('not-allowed');
    case 'hang-up':
      if (event.agentId === undefined) return undefined;
      if (consult.party === agentParty(event.agentId)) return back(call, stage, consult, [], atMs);
      // An agent who hangs up while the target talks completes the transfer; one who hangs up earlier cancels it.
      if (event.agentId === stage.agentId)
        return consult.state === 'talking' ? complete(call, stage, consult, atMs) : cancelThen(call, stage, atMs);
      return undefined;
    case 'hold':
    case 'park':
    case 'transfer':
    case 'consult':
      return refuse('wrong-state');
    default:
      return undefined;
  }
}

function answered(call: Call, stage: Connected, consult: Consult, agentId: AgentId, atMs: number): Step {
  const offer = consult.offer;
  const talking: Connected = { ...stage, consult: { ...consult, state: 'talking', party: agentParty(agentId), offer: undefined } };
  const effects: Effect[] = [
    { do: 'cancel-timer', timer: 'ring' },
    ...(offer === undefined ? [] : [offerEnded(offer, 'answered')]),
    {
      do: 'publish',
      name: 'call.connected',
      event: { agentId, ...(consult.target.to === 'queue' ? { queueId: consult.target.queueId } : {}) },
    },
  ];
  return step(call, { stage: talking }, effects, [{ atMs, what: 'consult-answered', agentId }]);
}

/** The target has the caller, and the agent is free. */
function complete(call: Call, stage: Connected, consult: Consult, atMs: number): Advance {
  const heir = heirOf({ ...stage, consult }, 'hung-up');
  if (heir.to === 'nobody') return refuse('wrong-state');
  const leaves: Effect[] = [...handedOn(stage.agentId, consult.target), left(stage.agentId, 'transferred')];
  const mark: Mark = { atMs, what: 'transferred', agentId: stage.agentId, detail: consult.target.to };
  return handOn(call, { ...stage, consult }, heir, { leaves, marks: [mark] }, atMs);
}

function endConsult(call: Call, stage: Connected, consult: Consult, how: 'complete' | 'join' | 'cancel', atMs: number): Advance {
  if (how === 'cancel') return back(call, stage, consult, [], atMs);
  if (consult.state !== 'talking' || consult.party === undefined) return refuse('wrong-state');
  if (how === 'complete') return complete(call, stage, consult, atMs);
  const joined = agentOf(consult.party);
  return step(
    call,
    {
      stage: {
        ...stage,
        held: false,
        consult: undefined,
        mixed: true,
        parties: [...stage.parties, { id: consult.party, role: 'talk', ...(consult.away === true ? { away: true } : {}) }],
      },
    },
    [],
    [{ atMs, what: 'party-joined', detail: 'conference', ...(joined === undefined ? {} : { agentId: joined }) }],
  );
}

function failed(call: Call, stage: Connected, consult: Consult, outcome: OfferOutcome, atMs: number, reason?: string): Step {
  const effects: Effect[] = [{ do: 'cancel-timer', timer: 'ring' }];
  if (consult.offer !== undefined) effects.push(offerEnded(consult.offer, outcome, reason));
  // For a queue the next agent is sought. A named seat has no next one.
  if (consult.target.to === 'queue') return step(call, { stage: { ...stage, consult: { ...consult, offer: undefined } } }, effects);
  return back(call, stage, { ...consult, offer: undefined }, effects, atMs);
}

/** The agent has the caller again, as if nothing had happened. */
function back(call: Call, stage: Connected, consult: Consult, effects: readonly Effect[], atMs: number): Step {
  return step(
    call,
    { stage: { ...stage, consult: undefined, held: false } },
    [...effects, ...consultReleased({ ...stage, consult })],
    [{ atMs, what: 'consult-ended', agentId: stage.agentId }],
  );
}

/** The agent leaves while the target still rings. Others who talk keep the caller; otherwise the caller returns to the queue. */
function cancelThen(call: Call, stage: Connected, atMs: number): Step {
  const alone: Connected = { ...stage, consult: undefined };
  const heir = heirOf(alone, 'hung-up');
  const ended: Mark = { atMs, what: 'consult-ended', agentId: stage.agentId };
  const mark: Mark = { atMs, what: 'agent-left', agentId: stage.agentId, detail: 'transferred' };
  if (heir.to !== 'nobody')
    return after(
      consultReleased(stage),
      handOn(call, alone, heir, { leaves: [left(stage.agentId, 'left-conference')], marks: [ended, mark] }, atMs),
    );
  return after(
    [...released(stage), left(stage.agentId, 'transferred')],
    requeue({ ...call, history: [...call.history, ended, mark] }, undefined, atMs),
  );
}
