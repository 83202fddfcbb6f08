import { unhurried } from '../shared/events/catalogue.js';
import type { Service } from '../shared/platform/processes/service.js';
import { listenersIn } from './machine/listening.js';
import { createLineQuality, LINE_LOOK_MS, type TalkingLegs } from './media/line-quality.js';
import { createMixerWatch, MIXER_LOOK_MS, type MixerWatch } from './media/mixer-watch.js';
import type { CallParts, CallsDependencies } from './running/call-parts.js';
import { leaveCalls } from './running/leaving.js';
import { queuedFact } from './stages/queueing.js';

const READ_AGAIN_MS = 60_000;
const DRAIN_MS = 3_000;
const LOOK_AT_REST_MS = 250;

/** Start, stop and health of the calls of a process. */
export function createCallsService({ media, bus, commands, platform, lineCounts }: CallsDependencies, parts: CallParts) {
  const { outbox, directory, calendar, seats, director, controller } = parts;
  const { clock, prompts, records, liveState } = platform;
  const { nowMs } = clock;
  /** Takes no new calls: this process, or the whole product, is about to end. */
  let closed = false;
  const stops: (() => Promise<void> | void)[] = [];
  const mixerWatch = watchMixer(commands, parts, nowMs);
  const lines = lineCounts === undefined ? undefined : watchLines(lineCounts, bus, parts, nowMs);

  const service: Service = {
    name: 'calls',
    async start() {
      await records.start();
      await Promise.all([directory.read(), calendar.read()]);
      stops.push(platform.onLiveStateBack(restate));
      stops.push(clock.every(READ_AGAIN_MS, () => void Promise.all([readAgain(), director.closeAgain()])));
      stops.push(clock.every(MIXER_LOOK_MS, () => void mixerWatch.look()));
      if (lines !== undefined) stops.push(clock.every(LINE_LOOK_MS, () => void lines.look()));
      stops.push(await bus.follow(mixerStarted, { ...unhurried, only: ['mixer.started'] }));
    },
    async stop(ending) {
      closed = true;
      for (const stop of stops.splice(0).reverse()) await stop();
      if (ending === 'product') await endAll(parts);
      else await leaveCalls(controller, media, nowMs);
      await outbox.drained(DRAIN_MS);
      await records.stop();
      await liveState.written();
    },
    drain(tell) {
      closed = true;
      let told: number | undefined;
      const look = (): void => {
        if (told !== controller.size) tell(controller.size);
        told = controller.size;
      };
      look();
      stops.push(clock.every(LOOK_AT_REST_MS, look));
    },
    async health() {
      const spooled = await records.waiting().catch(() => 0);
      const ok = outbox.waiting === 0 && spooled === 0;
      const reason = outbox.waiting > 0 ? 'events wait for live state' : 'call records wait for the document store';
      return { ok, ...(ok ? {} : { reason }), facts: await status() };
    },
  };

  return {
    service,
    status,
    readAgain,
    isClosed: () => closed,
    atEnd: (stop: () => Promise<void> | void) => void stops.push(stop),
    /** Another process continues the calls. */
    async leave() {
      closed = true;
      await leaveCalls(controller, media, nowMs);
    },
  };

  /** After the live state was down: writes its content again, and publishes the waiting callers again, who would otherwise be forgotten. */
  function restate(): void {
    liveState.forgetAgain();
    seats.restate();
    controller.restate((call) => (call.stage.kind === 'queued' ? [queuedFact(call, call.stage.queueId, call.stage.stepId, nowMs())] : []));
  }

  /** Conferences and monitored calls are connected again in the new mixer. */
  function mixerStarted(): void {
    mixerWatch.started();
    for (const callId of director.forgetRooms()) controller.review(callId);
  }

  /** Reads the directory and the calendar again. Prompts are looked up again when they are next played. */
  async function readAgain(): Promise<void> {
    prompts.forget();
    await Promise.all([directory.read(), calendar.read()]);
  }

  async function status(): Promise<Record<string, unknown>> {
    return {
      ok: true,
      calls: controller.size,
      seats: seats.size,
      eventsWaiting: outbox.waiting,
      recordsSpooled: await records.waiting().catch(() => 0),
      settingsCopiedAt: platform.settingsCopiedAt?.(),
    };
  }
}

/** For an end without a successor that could continue the calls. */
async function endAll({ controller, seats }: CallParts): Promise<void> {
  await Promise.all(
    [...controller.all()].map(({ call }) => {
      const ended = controller.dispatch(call.id, { type: 'lost', cause: 'system-failure', by: 'system' });
      return 'settled' in ended ? ended.settled : Promise.resolve();
    }),
  );
  await seats.endAll();
}

/** Whoever supervises a call is told when the mixer is away. */
function watchMixer(commands: CallsDependencies['commands'], { controller, director, outbox }: CallParts, nowMs: () => number): MixerWatch {
  return createMixerWatch({
    commands,
    supervised: () =>
      [...controller.all()].flatMap(({ call }) => [...listenersIn(call.stage).keys()].map((agentId) => ({ callId: call.id, agentId }))),
    unheard: () => director.unheard(),
    tell: (supervised) => outbox.put('listening.interrupted', { ...supervised, at: new Date(nowMs()).toISOString() }),
  });
}

/** A measurement that cannot be published is left out: the next one follows at once. */
function watchLines(
  countsOf: NonNullable<CallsDependencies['lineCounts']>,
  bus: CallsDependencies['bus'],
  { controller, seats }: CallParts,
  nowMs: () => number,
) {
  const talking = (): TalkingLegs[] =>
    [...controller.all()].flatMap(({ call: { id, stage } }): TalkingLegs[] => {
      if (stage.kind !== 'connected' || stage.away) return [];
      return [{ callId: id, agentId: stage.agentId, callerLeg: id, agentLeg: seats.of(stage.agentId)?.legId }];
    });
  return createLineQuality({
    talking,
    countsOf,
    tell: (sides) => void bus.publish('calls.measured', { at: new Date(nowMs()).toISOString(), sides }).catch(() => undefined),
  });
}
