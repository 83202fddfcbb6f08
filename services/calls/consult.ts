import type { TransferTarget } from '../shared/contracts/commands.js';
import { agentParty, numberParty, type Call, type Connected, type Consult, type Mark } from './call.js';
import type { CallEvent } from './call-events.js';
import type { Advance, Step, Effect } from './effects.js';
import { changed, offerEnded, requeue, offered, ringTimer, type OfferOutcome } from './queueing.js';
import { after, agentOf, iso, legOf, nextToken, refuse, step } from './step.js';

const DIRECT_RING_MS = 20_000;

const agentLeft = (agentId: string, reason: 'transferred' | 'consult-ended'): Effect => ({
  do: 'publish',
  name: 'call.agent-left',
  event: { agentId, reason },
});

/**
 * A consultation, or a transfer: a blind transfer is a consultation that completes itself when the target answers, so that each failure
 * leads back to the agent who has the caller. A blind transfer to a queue is the exception: the agent leaves at once, the caller waits.
 */
export function startConsult(call: Call, stage: Connected, target: TransferTarget, blind: boolean, atMs: number): Advance {
  if (stage.consult !== undefined || stage.away) return refuse('wrong-state');
  if (target.to === 'seat' && (target.agentId === stage.agentId || stage.parties.some(({ id }) => agentOf(id) === target.agentId)))
    return refuse('invalid-request');
  if (target.to === 'queue' && blind) {
    const mark: Mark = { atMs, what: 'transferred', agentId: stage.agentId, queueId: target.queueId, detail: 'queue' };
    const moved: Call = { ...call, avoid: [], history: [...call.history, mark] };
    return after([transferred(stage.agentId, target), agentLeft(stage.agentId, 'transferred')], requeue(moved, target.queueId, atMs));
  }
  const [turned, token] = nextToken(call);
  const base: Consult = { target, state: 'ringing', party: undefined, offer: undefined, blind };
  const mark: Mark = { atMs, what: 'consulting', agentId: stage.agentId, detail: target.to };
  switch (target.to) {
    case 'seat': {
      const offer = { offerId: `${call.id}-${token}`, agentId: target.agentId, ringForMs: DIRECT_RING_MS, autoAnswer: false };
      return step(
        turned,
        { stage: { ...stage, consult: { ...base, offer } } },
        [{ do: 'ring', offer }, offered(call, undefined, offer, atMs), ringTimer(offer), changed(stage.agentId)],
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
              priority: 0,
              waitingSince: iso(atMs),
              choices: [...call.choices],
              avoid: [stage.agentId],
            },
          },
          changed(stage.agentId),
        ],
        [mark],
      );
    case 'number':
      return step(
        turned,
        { stage: { ...stage, consult: { ...base, party: numberParty(token) } } },
        [{ do: 'dial', legId: token, number: target.number }, changed(stage.agentId)],
        [mark],
      );
  }
}

const transferred = (fromAgentId: string, target: TransferTarget): Effect => ({
  do: 'publish',
  name: 'call.transferred',
  // A number outside is personal: the fact says only that it was one.
  event: {
    fromAgentId,
    to: target.to,
    target: target.to === 'seat' ? target.agentId : target.to === 'queue' ? target.queueId : 'number',
  },
});

/** What belongs to the consultation; undefined leaves the event to the conversation. */
export function duringConsult(call: Call, stage: Connected, consult: Consult, event: CallEvent, atMs: number): Advance | undefined {
  switch (event.type) {
    case 'offer':
      if (consult.state !== 'ringing' || consult.target.to !== 'queue' || consult.offer !== undefined) return refuse('wrong-state');
      return step(call, { stage: { ...stage, consult: { ...consult, offer: event.offer } } }, [
        { do: 'ring', offer: event.offer },
        offered(call, consult.target.queueId, event.offer, atMs),
        ringTimer(event.offer),
      ]);
    case 'agent-answered':
      if (consult.offer?.agentId !== event.agentId) return refuse('not-allowed');
      return consult.state === 'ringing' ? answered(call, stage, consult, consult.offer.agentId, atMs) : refuse('wrong-state');
    case 'leg-answered':
      if (consult.party === undefined || legOf(consult.party) !== event.legId) return undefined;
      return talking(call, stage, { ...consult, state: 'talking' }, [], atMs);
    case 'declined':
      return consult.offer?.agentId === event.agentId
        ? failed(call, stage, consult, 'declined', atMs, event.reason)
        : refuse('not-allowed');
    case 'timer':
      return event.timer === 'ring' && event.token === consult.offer?.offerId ? failed(call, stage, consult, 'no-answer', atMs) : undefined;
    case 'leg-failed':
    case 'leg-ended':
      return consult.party !== undefined && legOf(consult.party) === event.legId ? back(call, stage, consult, [], atMs) : undefined;
    case 'seat-down':
      if (consult.offer?.agentId === event.agentId) return failed(call, stage, consult, 'seat-lost', atMs);
      return consult.party === agentParty(event.agentId) ? back(call, stage, consult, [], atMs) : undefined;
    case 'consult-end':
      return event.agentId === stage.agentId ? endConsult(call, stage, consult, event.how, atMs) : refuse('not-allowed');
    case 'hang-up':
      if (event.agentId === undefined) return undefined;
      if (consult.party === agentParty(event.agentId)) return back(call, stage, consult, [], atMs);
      // An agent who hangs up while the target talks has completed the transfer; before that, has called it off.
      if (event.agentId === stage.agentId)
        return consult.state === 'talking' ? complete(call, stage, consult, atMs) : cancelThen(call, stage, consult, atMs);
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

function answered(call: Call, stage: Connected, consult: Consult, agentId: string, atMs: number): Step {
  const offer = consult.offer;
  return talking(
    call,
    stage,
    { ...consult, state: 'talking', party: agentParty(agentId), offer: undefined },
    [
      { do: 'cancel-timer', timer: 'ring' },
      ...(offer === undefined ? [] : [offerEnded(offer, 'answered')]),
      {
        do: 'publish',
        name: 'call.connected',
        event: { agentId, ...(consult.target.to === 'queue' ? { queueId: consult.target.queueId } : {}) },
      },
    ],
    atMs,
  );
}

function talking(call: Call, stage: Connected, consult: Consult, effects: readonly Effect[], atMs: number): Step {
  const next: Connected = { ...stage, consult };
  if (consult.blind) return after(effects, complete({ ...call, stage: next }, next, consult, atMs));
  return step(call, { stage: next }, [...effects, changed(stage.agentId)]);
}

/** The target has the caller; the agent is free. */
function complete(call: Call, stage: Connected, consult: Consult, atMs: number): Step {
  const effects: Effect[] = [transferred(stage.agentId, consult.target), agentLeft(stage.agentId, 'transferred')];
  const mark: Mark = { atMs, what: 'transferred', agentId: stage.agentId, detail: consult.target.to };
  const agentId = agentOf(consult.party ?? '');
  if (agentId !== undefined)
    return step(
      call,
      { stage: { ...stage, agentId, held: false, away: false, consult: undefined }, lastAgentId: agentId },
      [...effects, changed(agentId)],
      [mark, { atMs, what: 'agent-answered', agentId }],
    );
  return step(
    call,
    {
      stage: {
        kind: 'outside',
        legId: legOf(consult.party ?? '') ?? '',
        number: consult.target.to === 'number' ? consult.target.number : '',
      },
    },
    effects,
    [mark],
  );
}

function endConsult(call: Call, stage: Connected, consult: Consult, how: 'complete' | 'join' | 'cancel', atMs: number): Advance {
  if (how === 'cancel') return back(call, stage, consult, calledOff(consult), atMs);
  if (consult.state !== 'talking' || consult.party === undefined) return refuse('wrong-state');
  if (how === 'complete') return complete(call, stage, consult, atMs);
  return step(
    call,
    {
      stage: {
        ...stage,
        held: false,
        consult: undefined,
        mixed: true,
        parties: [...stage.parties, { id: consult.party, role: 'talk' }],
      },
    },
    [changed(stage.agentId), ...(agentOf(consult.party) === undefined ? [] : [changed(agentOf(consult.party) ?? '')])],
    [{ atMs, what: 'party-joined', detail: 'conference' }],
  );
}

/** What ends with a consultation that is called off: its ring, its place in a queue. */
function calledOff(consult: Consult): Effect[] {
  const effects: Effect[] = [];
  if (consult.offer !== undefined) effects.push({ do: 'cancel-timer', timer: 'ring' }, offerEnded(consult.offer, 'withdrawn'));
  if (consult.state === 'ringing' && consult.target.to === 'queue')
    effects.push({ do: 'publish', name: 'call.dequeued', event: { queueId: consult.target.queueId, reason: 'ended' } });
  return effects;
}

function failed(call: Call, stage: Connected, consult: Consult, outcome: OfferOutcome, atMs: number, reason?: string): Step {
  const effects: Effect[] = [{ do: 'cancel-timer', timer: 'ring' }];
  if (consult.offer !== undefined) effects.push(offerEnded(consult.offer, outcome, reason));
  // In a queue the next agent is looked for; a seat that was named has no next one.
  if (consult.target.to === 'queue') return step(call, { stage: { ...stage, consult: { ...consult, offer: undefined } } }, effects);
  return back(call, stage, { ...consult, offer: undefined }, effects, atMs);
}

/** The agent has the caller again, as if nothing had been. */
function back(call: Call, stage: Connected, consult: Consult, effects: readonly Effect[], atMs: number): Step {
  const agentId = consult.state === 'talking' ? agentOf(consult.party ?? '') : undefined;
  const legId = legOf(consult.party ?? '');
  return step(
    call,
    { stage: { ...stage, consult: undefined, held: false } },
    [
      ...effects,
      ...(legId === undefined ? [] : [{ do: 'hang-up-leg', legId } as const]),
      ...(agentId === undefined ? [] : [agentLeft(agentId, 'consult-ended')]),
      changed(stage.agentId),
    ],
    [{ atMs, what: 'consult-ended', agentId: stage.agentId }],
  );
}

/** The agent leaves while the target still rings: nobody has the caller, so the queue gets it. */
function cancelThen(call: Call, stage: Connected, consult: Consult, atMs: number): Step {
  const called = back(call, stage, consult, calledOff(consult), atMs);
  const mark: Mark = { atMs, what: 'agent-left', agentId: stage.agentId, detail: 'transferred' };
  return after(
    [
      ...called.effects.filter((effect) => !(effect.do === 'publish' && effect.name === 'call.changed')),
      agentLeft(stage.agentId, 'transferred'),
    ],
    requeue({ ...called.call, history: [...called.call.history, mark] }, undefined, atMs),
  );
}
