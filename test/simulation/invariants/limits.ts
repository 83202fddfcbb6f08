import type { Call, Stage } from '../../../services/calls/machine/call.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

const GRACE_AND_MORE_MS = 25_000;
/** The longest that a stage may last without anything having happened in it: its own clock and some more. */
const LONGEST_MS: Readonly<Record<Exclude<Stage['kind'], 'connected' | 'outside' | 'ended'>, number>> = {
  arriving: 20_000,
  playing: 15_000,
  menu: 15_000,
  admitting: 10_000,
  queued: 960_000,
  offered: 30_000,
  // 30 s of ringing, 2 s for a channel of each of two trunks, and 4 s for each of three servers that do not take the call.
  dialling: 55_000,
  handed: 55_000,
  calling: 65_000,
  parked: 200_000,
  message: 30_000,
  survey: 12_000,
  closing: 12_000,
};

/** No step says how long the message of a queue's overflow is. */
const QUEUE_MESSAGE_MS = 130_000;
const longestMs = (stage: Call['stage'] & { readonly kind: keyof typeof LONGEST_MS }): number =>
  stage.kind === 'message' && stage.stepId === undefined ? QUEUE_MESSAGE_MS : LONGEST_MS[stage.kind];

/** Every state is left by a clock or by a person. */
export function deadEndInvariant(world: World): Invariant {
  const name = 'no dead end';
  const waitFor = createPatience(world, name);
  const since = new Map<string, { stage: Stage; readonly text: string; readonly atMs: number }>();
  const here = (agentId: string): boolean => [...world.stores.seats.values()].some((seat) => seat.agentId === agentId && seat.mediaUp);

  /** How long nothing has changed in the stage of a call. A stage is never changed in place: the same object says the same. */
  function ageMs({ id, stage }: Call): number {
    const known = since.get(id);
    const nowMs = world.scheduler.nowMs;
    if (known?.stage === stage) return nowMs - known.atMs;
    const text = JSON.stringify(stage);
    if (known?.text !== text) {
      since.set(id, { stage, text, atMs: nowMs });
      return 0;
    }
    known.stage = stage;
    return nowMs - known.atMs;
  }

  return {
    name,
    sentence:
      'docs/calls.md: a call always reaches its end; a seat that vanishes has its grace, then the queue has the call; a park, a ring, a menu and a message have their clocks.',
    tick() {
      for (const { call } of world.stores.calls.values()) {
        const { stage } = call;
        if (stage.kind === 'ended') continue;
        if (stage.kind === 'connected') {
          const gone =
            !here(stage.agentId) &&
            stage.parties.every(({ id, role }) => role !== 'talk' || (id.startsWith('agent:') && !here(id.slice(6))));
          waitFor(
            `${call.id}/alone/${stage.agentId}`,
            gone,
            GRACE_AND_MORE_MS,
            () => `${call.id} is connected with ${stage.agentId}, who has no seat`,
            [call.id, stage.agentId],
          );
        } else if (stage.kind !== 'outside') {
          const limitMs = longestMs(stage);
          waitFor(`${call.id}/age`, ageMs(call) > limitMs, 500, () => `${call.id} is in ${stage.kind} for longer than ${limitMs} ms`, [
            call.id,
          ]);
        }
      }
    },
    end() {
      for (const party of world.sip.parties())
        if (!party.startsWith('seat:')) world.fail(name, `the leg of ${party} is still up though no call goes on`, [party]);
      for (const { id, party } of world.relay.legs())
        if (party?.startsWith('seat:') !== true)
          world.fail(name, `the relay still has ${id} (${party ?? 'nobody'}) though no call goes on`, [id]);
      if (world.mixer.rooms.length > 0 && !world.isDisturbed)
        world.fail(name, `the mixer still has the rooms of ${world.mixer.rooms.join(', ')}`, world.mixer.rooms);
    },
  };
}

const DECISIONS = 30;
const DECISIONS_PER_S = 1;
const EVENTS = 120;
const EVENTS_PER_S = 3;

/** Work is bounded: no storms. */
export function boundedWorkInvariant(world: World): Invariant {
  const name = 'bounded work';
  const events = new Map<string, { count: number; readonly sinceMs: number }>();
  world.bus.witnesses.push((_name, event) => {
    const callId = event['callId'];
    if (typeof callId !== 'string') return;
    const known = events.get(callId) ?? { count: 0, sinceMs: world.scheduler.nowMs };
    known.count += 1;
    events.set(callId, known);
    const seconds = (world.scheduler.nowMs - known.sinceMs) / 1_000;
    if (known.count > EVENTS + EVENTS_PER_S * seconds) world.fail(name, `${known.count} events of ${callId} in ${seconds} s`, [callId]);
    const decisions = world.stores.decisions.get(callId) ?? 0;
    if (decisions > DECISIONS + DECISIONS_PER_S * seconds)
      world.fail(name, `${decisions} decisions for ${callId} in ${seconds} s`, [callId]);
  });
  return {
    name,
    sentence: 'docs/routing.md: a decision is stored for each offer and a look at steps that double; an offer that is refused is no storm.',
    tick() {
      for (const [callId, decisions] of world.stores.decisions) {
        const seconds = (world.scheduler.nowMs - (events.get(callId)?.sinceMs ?? world.scheduler.nowMs)) / 1_000;
        if (decisions > DECISIONS + DECISIONS_PER_S * seconds)
          world.fail(name, `${decisions} decisions for ${callId} in ${seconds} s`, [callId]);
      }
    },
  };
}
