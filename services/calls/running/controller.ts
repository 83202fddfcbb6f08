import { failureOf, type FailureCode } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { advance } from '../machine/advance.js';
import type { Call } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Effect } from '../machine/effects.js';
import { agentsIn } from './live-call.js';
import type { LegStatistics } from '../../shared/records/call.js';
import { outsideLeg, type MediaDirector } from '../media/media-director.js';
import { carriesSound } from '../media/media-plan.js';
import type { Outbox } from './outbox.js';
import type { AnchorState, CallFact, IncomingCall, Leg, LiveState } from '../ports.js';
import type { AgentId, CallId, SipCallId } from '../../shared/domain/ids.js';

/** A live call with what only this process has: its dialogs, clocks and the order of its effects. */
export interface Live {
  call: Call;
  /** Set until the call is answered or refused. */
  incoming: IncomingCall | undefined;
  leg: Leg | undefined;
  readonly sipCallId: SipCallId;
  sipStatus: number;
  /** Set while the INVITE is being answered. */
  answering: Promise<void> | undefined;
  /** The digits that an agent sent last, while they are on their way. */
  keys: Promise<void> | undefined;
  readonly outside: Map<string, { leg?: Leg; readonly abort: AbortController }>;
  readonly timers: Map<string, () => void>;
  readonly media: (LegStatistics & { readonly leg: string })[];
  /** What the running effects have to publish. It is sent once the resulting state is stored. */
  readonly facts: CallFact[];
  /** Passed to the outbox, and not yet known to be published. */
  readonly unpublished: CallFact[];
  effects: Promise<void>;
}

/** Runs one kind of effect. Results return as events through `dispatch`. */
export type RunEffect = (live: Live, effect: Effect) => Promise<void>;

export interface Controller {
  /** `unpublished`: facts that an earlier process left unpublished. */
  add(call: Call, given: Given): Live;
  get(callId: CallId): Live | undefined;
  /** Undefined when the event was accepted; `settled` resolves when its effects have run. */
  dispatch(callId: CallId, event: CallEvent): { readonly refused: FailureCode } | { readonly settled: Promise<void> };
  /** Brings the media of an agent's calls to the required state again, because the seat has another leg. */
  rejoin(agentId: AgentId): void;
  /** Brings the media of the call to the required state again. */
  review(callId: CallId): void;
  callsOf(agentId: AgentId): readonly Live[];
  all(): Iterable<Live>;
  remove(callId: CallId): void;
  /** Stores every live call again, and publishes again what is `due` for it, after the live state was lost. */
  restate(due: (call: Call) => readonly Effect[]): void;
  /** Runs the effects of the arrival. */
  begin(live: Live, effects: readonly Effect[]): Promise<void>;
  readonly size: number;
}

export interface ControllerDependencies {
  readonly director: MediaDirector;
  readonly liveState: LiveState;
  readonly exportAnchor: (legId: string) => AnchorState | undefined;
  readonly runEffect: RunEffect;
  /** An agent's part in the calls may have changed. */
  readonly partChanged: (agentId: AgentId) => void;
  readonly outbox: Pick<Outbox, 'put' | 'whenOut'>;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** The calls that each agent is in. */
function createAgentIndex(partChanged: (agentId: AgentId) => void) {
  const byAgent = new Map<string, Set<string>>();
  return {
    moved(before: Call | undefined, now: Call | undefined): void {
      const was = before === undefined ? [] : agentsIn(before);
      const is = now === undefined ? [] : agentsIn(now);
      const callId = (now ?? before)?.id ?? '';
      for (const agentId of was)
        if (!is.includes(agentId)) {
          const ids = byAgent.get(agentId);
          ids?.delete(callId);
          if (ids?.size === 0) byAgent.delete(agentId);
        }
      for (const agentId of is) {
        const ids = byAgent.get(agentId) ?? new Set();
        ids.add(callId);
        byAgent.set(agentId, ids);
      }
      for (const agentId of new Set([...was, ...is])) partChanged(agentId);
    },
    callIdsOf: (agentId: AgentId): Iterable<string> => byAgent.get(agentId) ?? [],
  };
}

type Given = Pick<Live, 'incoming' | 'sipCallId'> & { readonly unpublished?: readonly CallFact[] };

const newLive = (call: Call, { incoming, sipCallId, unpublished = [] }: Given): Live => ({
  call,
  incoming,
  leg: undefined,
  sipCallId,
  sipStatus: 0,
  answering: undefined,
  keys: undefined,
  outside: new Map(),
  timers: new Map(),
  media: [],
  facts: [...unpublished],
  unpublished: [],
  effects: Promise.resolve(),
});

/**
 * Holds the live calls and passes each event to the pure machine at once, in the order of arrival. Effects run one after the other for each
 * call, after the audio has been brought to the new state.
 */
export function createController({
  director,
  liveState,
  exportAnchor,
  runEffect,
  partChanged,
  outbox,
  nowMs,
  log,
}: ControllerDependencies): Controller {
  const calls = new Map<string, Live>();
  const byAgent = createAgentIndex(partChanged);

  function perform(live: Live, call: Call, effects: readonly Effect[]): Promise<void> {
    const work = async (): Promise<void> => {
      if (carriesSound(call)) await attempt(live, 'media', () => director.apply(call));
      const [prompt, slow] = bySpeed(effects);
      for (const effect of prompt) await attempt(live, effect.do, () => runEffect(live, effect));
      keep(live, call);
      // Routing or the recorder may take long. Until they answer, the stored state must not lag behind what callers hear.
      for (const effect of slow) await attempt(live, effect.do, () => runEffect(live, effect));
    };
    live.effects = live.effects.then(work);
    return live.effects;
  }

  /**
   * Stored after the effects, so that the relay's state is part of it, and before their events are published. If a process dies in between,
   * its successor publishes them. The other way round, others would know about something that never happened.
   */
  function keep(live: Live, call: Call): void {
    const { leg, sipCallId, unpublished } = live;
    const outside = [...live.outside].flatMap(([legId, { leg: dialled }]) =>
      dialled === undefined ? [] : [{ legId, dialogId: dialled.dialogId }],
    );
    const anchors = [call.id, ...outside.map(({ legId }) => outsideLeg(call.id, legId))].flatMap((legId) => exportAnchor(legId) ?? []);
    const facts = live.facts.splice(0);
    unpublished.push(...facts);
    liveState.keepCall({ call, sipCallId, dialogId: leg?.dialogId, outside, anchors, unpublished });
    for (const { id, name, event } of facts) outbox.put(name, event, id);
    if (facts.length > 0) outbox.whenOut(() => unpublished.splice(0, facts.length));
    if (call.stage.kind === 'ended') outbox.whenOut(() => liveState.forgetCall(call.id));
  }

  /** A failed effect must not stop the following ones: the call has to come to its end. */
  async function attempt(live: Live, what: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.error({ err: error, callId: live.call.id, effect: what, code: failureOf(error) }, 'effect of a call failed');
    }
  }

  const callsOf = (agentId: AgentId): Live[] => [...byAgent.callIdsOf(agentId)].flatMap((callId) => calls.get(callId) ?? []);

  return {
    add(call, given) {
      const live = newLive(call, given);
      calls.set(call.id, live);
      byAgent.moved(undefined, call);
      return live;
    },
    get: (callId) => calls.get(callId),
    dispatch(callId, event) {
      const live = calls.get(callId);
      if (live === undefined) return { refused: 'no-such-call' };
      const result = advance(live.call, event, nowMs());
      if ('refused' in result) {
        log.debug({ callId, event: event.type, stage: live.call.stage.kind, code: result.refused }, 'event refused');
        return result;
      }
      const before = live.call;
      live.call = result.call;
      byAgent.moved(before, result.call);
      return { settled: perform(live, result.call, result.effects) };
    },
    rejoin(agentId) {
      for (const live of callsOf(agentId)) void perform(live, live.call, []);
    },
    review(callId) {
      const live = calls.get(callId);
      if (live !== undefined) void perform(live, live.call, []);
    },
    callsOf,
    all: () => calls.values(),
    remove(callId) {
      const live = calls.get(callId);
      if (live === undefined) return;
      calls.delete(callId);
      byAgent.moved(live.call, undefined);
    },
    restate(due) {
      for (const live of calls.values()) void perform(live, live.call, due(live.call));
    },
    begin: (live, effects) => perform(live, live.call, effects),
    get size() {
      return calls.size;
    },
  };
}

const waiting: ReadonlySet<Effect['do']> = new Set(['ask-queue', 'ask-place', 'pause-recording', 'resume-recording']);
const waitsForOthers = ({ do: what }: Effect): boolean => waiting.has(what);

/** Effects that wait for others come last. At the end of a call all keep their order, because the end is published after them. */
function bySpeed(effects: readonly Effect[]): readonly [prompt: readonly Effect[], slow: readonly Effect[]] {
  if (effects.some(({ do: what }) => what === 'finish')) return [effects, []];
  return [effects.filter((effect) => !waitsForOthers(effect)), effects.filter(waitsForOthers)];
}
