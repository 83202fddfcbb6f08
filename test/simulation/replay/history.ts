import type { Call } from '../../../services/calls/machine/call.js';
import { agentsOf } from '../invariants/oracle.js';
import { legsOf, namesIn } from '../invariants/heard.js';
import type { World } from '../world.js';

/** Commands by which a call is moved; others change nothing of what is heard. */
const moving = [
  'call.offer',
  'call.answer',
  'call.decline',
  'call.hang-up',
  'call.end',
  'call.hold',
  'call.resume',
  'call.transfer',
  'call.consult',
  'call.consult-end',
  'call.park',
  'call.fetch',
  'call.drop-party',
  'call.monitor',
] as const;
export type Moving = (typeof moving)[number];

/** Something that was done in a call. Numbers outside are named by their place: `number:1` is the first that was dialled. */
export type Action =
  | { readonly what: 'queued' }
  | { readonly what: 'command'; readonly name: Moving; readonly input: Readonly<Record<string, unknown>> }
  | { readonly what: 'number-answers' | 'number-refuses' | 'number-hangs-up'; readonly place: number };

/** What everybody in the call hears: names of parties, or `prompt`. Whoever is not named hears nothing. */
export type Heard = Readonly<Record<string, readonly string[]>>;

export interface Step {
  readonly action: Action;
  readonly stage: string;
  /** Set once all was in step; undefined where the next action came first. */
  readonly heard: Heard | undefined;
}

/** What was done in one call from its place in the queue onwards, as long as only people moved it. */
export interface CallHistory {
  readonly seed: number;
  readonly callId: string;
  readonly steps: readonly Step[];
}

interface Begun {
  readonly action: Action;
  readonly atMs: number;
  taken: boolean;
  stage: string;
  heard: Heard | undefined;
}

interface Track {
  readonly steps: Begun[];
  /** The form of the call, what is heard in it, and since when. */
  seen: { readonly form: string; readonly stage: string; readonly heard: Heard; readonly sinceMs: number } | undefined;
  form: string;
  readonly numbers: string[];
  isOver: boolean;
}

/** By then every effect of an action has happened, also one that waits for the end of the notice. */
export const BROUGHT_ABOUT_MS = 6_000;
const SETTLED_MS = 1_000;
const STABLE_MS = 500;
const MOST_STEPS = 16;
/** Stages in which what is heard follows from the people alone. */
const judged: ReadonlySet<string> = new Set(['queued', 'offered', 'connected', 'handed', 'parked', 'outside']);

/** Watches the calls of a world; `take` gives what was seen of them. */
export function watchHistories(world: World): { take(): readonly CallHistory[] } {
  const tracks = new Map<string, Track>();
  const nowMs = (): number => world.scheduler.nowMs;

  const placedIn = (callId: string, partyId: string): string => {
    const call = world.stores.liveCall(callId);
    return call === undefined ? partyId : placedName(call, tracks.get(callId)?.numbers ?? [], partyId);
  };

  /** The action before is over: what was heard until now belongs to it. */
  function settle(track: Track): void {
    const last = track.steps.at(-1);
    const { seen } = track;
    if (last === undefined || seen === undefined || last.heard !== undefined) return;
    if (nowMs() - last.atMs < SETTLED_MS || nowMs() - seen.sinceMs < STABLE_MS || seen.form !== track.form) return;
    if (!judged.has(seen.stage)) return;
    last.heard = seen.heard;
    last.stage = seen.stage;
  }

  function begin(callId: string, action: Action): Begun | undefined {
    const track = tracks.get(callId);
    if (track === undefined || track.isOver) return undefined;
    settle(track);
    const step: Begun = { action, atMs: nowMs(), taken: false, stage: '', heard: undefined };
    track.steps.push(step);
    return step;
  }

  world.commands.witnesses.push((name, { callId, ...input }) => {
    if (typeof callId !== 'string' || !(moving as readonly string[]).includes(name)) return () => undefined;
    const before = tracks.get(callId)?.form;
    const partyId = placedIn(callId, String(input['partyId']));
    const step = begin(callId, {
      what: 'command',
      name: name as Moving,
      input: 'partyId' in input ? { ...input, partyId } : input,
    });
    return (answer) => {
      if (step === undefined) return;
      const taken = answer !== undefined;
      const track = tracks.get(callId);
      step.taken = taken;
      // A refused command that moved nothing does not count.
      if (!taken && track?.form === before) track?.steps.splice(track.steps.indexOf(step), 1);
    };
  });

  world.sip.onFar.push((permitId, what) => {
    const callId = world.outbound.attempts.get(permitId)?.callId ?? '';
    const place = (tracks.get(callId)?.numbers.indexOf(permitId) ?? -1) + 1;
    const step = place === 0 ? undefined : begin(callId, { what: `number-${what}`, place });
    if (step !== undefined) step.taken = true;
  });

  world.onKept.push((call) => {
    const form = formOf(call);
    const known = tracks.get(call.id);
    if (known === undefined) {
      if (call.stage.kind !== 'queued' || call.direction !== 'inbound') return;
      const queued: Begun = { action: { what: 'queued' }, atMs: nowMs(), taken: true, stage: '', heard: undefined };
      tracks.set(call.id, { steps: [queued], seen: undefined, form, numbers: [], isOver: false });
      return;
    }
    for (const { attemptId } of call.dialled ?? []) if (!known.numbers.includes(attemptId)) known.numbers.push(attemptId);
    if (known.isOver || form === known.form) return;
    const cause = known.steps.at(-1);
    if (cause === undefined || nowMs() - cause.atMs > BROUGHT_ABOUT_MS || !stays(call) || isStopped(call)) {
      settle(known);
      known.isOver = true;
    }
    known.form = form;
  });

  world.onLook.push(() => {
    for (const call of world.liveCalls()) {
      const track = tracks.get(call.id);
      if (track === undefined || track.isOver) continue;
      // A notice beside the queue ends by itself, and whoever has answered is joined then.
      if (call.notice === 'playing') {
        track.seen = undefined;
        continue;
      }
      const form = formOf(call);
      const heard = heardIn(world, call, track.numbers);
      const { seen } = track;
      if (seen?.form !== form || JSON.stringify(seen.heard) !== JSON.stringify(heard))
        track.seen = { form, stage: call.stage.kind, heard, sinceMs: nowMs() };
    }
  });

  return {
    take: () =>
      [...tracks].map(([callId, { steps }]) => {
        const untaken = steps.findIndex(({ taken }) => !taken);
        const done = steps.slice(0, Math.min(untaken < 0 ? steps.length : untaken, MOST_STEPS));
        // Whatever follows the last thing heard says nothing.
        const last = done.findLastIndex(({ heard }) => heard !== undefined);
        return { seed: world.seed, callId, steps: done.slice(0, last + 1).map(({ action, stage, heard }) => ({ action, stage, heard })) };
      }),
  };
}

/** A prompt of the flow, or the end: people do not move what follows. */
const stays = ({ stage }: Call): boolean => judged.has(stage.kind) || stage.kind === 'admitting' || stage.kind === 'dialling';

/** An administrator stopped calling out. */
const isStopped = ({ dialled = [] }: Call): boolean => dialled.some(({ failure }) => failure === 'outbound-stopped');

function formOf({ stage }: Call): string {
  if (stage.kind !== 'connected')
    return stage.kind === 'offered' ? `offered ${stage.offers.map(({ agentId }) => agentId).join()}` : stage.kind;
  const { agentId, held, away, mixed, parties, consult } = stage;
  return JSON.stringify([agentId, held, away, mixed, parties.map(({ id, role }) => `${id} ${role}`), consult?.state, consult?.party]);
}

/** An outside number gets the name of its place among those dialled; every other party keeps its own. */
function placedName(call: Call, numbers: readonly string[], name: string): string {
  if (!name.startsWith('number:')) return name;
  const attemptId = call.dialled?.find(({ legId }) => legId === name.slice('number:'.length))?.attemptId ?? '';
  return `number:${numbers.indexOf(attemptId) + 1}`;
}

function heardIn(world: World, call: Call, numbers: readonly string[]): Heard {
  const placed = (name: string): string => (name.startsWith('file:') ? 'prompt' : placedName(call, numbers, name));
  const nameIn = namesIn(world, call);
  const { stage } = call;
  const outside = (call.dialled ?? []).filter(({ answeredAtMs, endedAtMs }) => answeredAtMs !== undefined && endedAtMs === undefined);
  const parts = [
    'caller',
    ...[...(stage.kind === 'ended' ? [] : agentsOf(stage).keys())].map((agentId) => `agent:${agentId}`),
    ...outside.map(({ legId }) => `number:${legId}`),
  ];
  return Object.fromEntries(
    parts.map((part) => {
      const heard = legsOf(world, call, part).flatMap((legId) => [...(world.relay.hears(legId) ?? [])]);
      return [placed(part), [...new Set(heard.map((source) => placed(nameIn(source))))].sort()];
    }),
  );
}
