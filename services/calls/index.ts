import type { CommandBus } from '../shared/contracts/commands.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/logger.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import type { Service } from '../shared/platform/service.js';
import { chineseCalendar, localTime } from './adapters/site-time.js';
import { inboundCall, isCallbackBarred, judgeArrival } from './arrivals.js';
import { callCommands } from './call-commands.js';
import { createCallerEar } from './caller-ear.js';
import { createController, type Controller } from './controller.js';
import { createDirectory, type DirectorySource } from './directory.js';
import { watchLongest } from './dial-out.js';
import type { Call } from './call.js';
import { legsUp, OWN_LEG } from './dialled-legs.js';
import { createEffectRunner } from './effect-runner.js';
import { isOpenAt } from './hours.js';
import { bindLeg } from './leg-binding.js';
import { createMediaDirector, outsideLeg, outsideLegOf } from './media-director.js';
import { createOccupations } from './occupations.js';
import { createOutbox } from './outbox.js';
import { dialledNow } from './outside.js';
import { agentsIn } from './live-call.js';
import { leaveCalls } from './leaving.js';
import { askWhetherThere } from './leg-check.js';
import type {
  AdoptDialog,
  CallFact,
  CallMedia,
  CallsPlatform,
  Dialler,
  IncomingCall,
  IncomingSeat,
  KeptCall,
  LeavingGate,
  RecordingLedger,
} from './ports.js';
import { takeOverEffects } from './takeover.js';
import { queuedFact } from './queueing.js';
import { createSeats } from './seats.js';
import { createSiteCalendar, type CalendarYears } from './site-calendar.js';

export type { CallMedia, Dialler, IncomingCall, IncomingSeat, Leg, LeavingGate, OutgoingLeg, RecordingLedger } from './ports.js';
export { createCallsPlatform } from './adapters/platform.js';
export { createCallRoutes } from './http.js';
export { createCallReach } from './call-reach.js';
export { createCallExport } from './call-export.js';
export { rehashedCalls, respellListedCallers } from './adapters/number-forms.js';
export { seedCalls } from './adapters/seed.js';
export { createNumberStore, type NumberStore } from './adapters/mongo-numbers.js';
export { waysOutOf } from './directory.js';

const READ_AGAIN_MS = 60_000;
const DRAIN_MS = 3_000;
const LOOK_AT_REST_MS = 250;

export interface CallsDependencies {
  readonly siteTimeZone: string;
  readonly seatGraceMs: number;
  readonly hashNumber: NumberHash;
  readonly media: CallMedia;
  readonly onKey: (handle: (legId: string, key: string) => void) => void;
  readonly onMediaLost: (handle: (legId: string) => void) => void;
  /** The relay was started again and has this leg; what was played to it has ended. */
  readonly onMediaRevived: (handle: (legId: string) => void) => void;
  /** No packet of the party outside for so long that nobody can be there. */
  readonly onSilent: (handle: (legId: string) => void) => void;
  /** No packet for some seconds of a leg that an earlier process made. */
  readonly onQuiet: (handle: (legId: string) => void) => void;
  readonly dialler: Dialler;
  readonly adoptDialog: AdoptDialog;
  readonly ledger: RecordingLedger;
  readonly outbound: LeavingGate;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly numbers: DirectorySource;
  readonly calendarYears: CalendarYears;
  readonly platform: CallsPlatform;
  readonly log: Logger;
}

export interface Calls {
  readonly service: Service;
  /** Signalling hands over what it let in. */
  invited(incoming: IncomingCall): Promise<void>;
  seatInvited(incoming: IncomingSeat): Promise<void>;
  /**
   * Once signalling is connected, before anything else: goes on with what an earlier process left. Commands are answered from then on.
   * False when it could not be read what was left.
   */
  takeUp(): Promise<boolean>;
  /** Another process goes on with the calls: no new ones, and each is brought to where it can be taken over. */
  leave(): Promise<void>;
  readonly directory: ReturnType<typeof createDirectory>;
}

/** The life of calls: decides, and has signalling and media obey. */
export function createCalls(deps: CallsDependencies): Calls {
  const { media, bus, commands, log } = deps;
  const { clock, newId, prompts, records, liveState } = deps.platform;
  const { nowMs, after: later } = clock;
  const outbox = createOutbox({ bus, log, later });
  const directory = createDirectory({ source: deps.numbers, log });
  const calendar = createSiteCalendar({ years: deps.calendarYears, published: chineseCalendar, log });
  const seats = createSeats({
    media,
    outbox,
    liveState,
    watcher: { seatUp, seatDown, seatExchanged },
    newId,
    nowMs,
    log,
  });
  const occupations = createOccupations({ callsOf: (agentId) => controller.callsOf(agentId), outbox, nowMs });
  const ear = createCallerEar({ media, prompts, report: (callId, event) => void controller.dispatch(callId, event), later, log });
  const director = createMediaDirector({ media, ear, commands, seatLeg: (agentId) => seats.of(agentId)?.legId, later });
  const controller: Controller = createController({
    director,
    liveState,
    exportAnchor: (legId) => media.export(legId),
    runEffect: createEffectRunner({
      media,
      director,
      dialler: deps.dialler,
      directory,
      gate: deps.outbound,
      ledger: deps.ledger,
      records,
      commands,
      newEventId: deps.platform.newEventId,
      hashNumber: deps.hashNumber,
      later,
      seatGraceMs: deps.seatGraceMs,
      controller: () => controller,
      nowMs,
      log,
    }),
    partChanged: (agentId) => occupations.review(agentId),
    outbox,
    nowMs,
    log,
  });

  /** No new calls: this process, or the whole product, is about to end. */
  let closed = false;

  function seatExchanged(agentId: string): void {
    occupations.echo(agentId, false);
    occupations.restate(agentId);
  }

  function seatUp(agentId: string): void {
    for (const { call } of controller.callsOf(agentId)) controller.dispatch(call.id, { type: 'seat-up', agentId });
    controller.rejoin(agentId);
  }

  function seatDown(agentId: string): void {
    for (const { call } of controller.callsOf(agentId)) controller.dispatch(call.id, { type: 'seat-down', agentId });
  }

  async function invited(incoming: IncomingCall): Promise<void> {
    if (closed) return incoming.refuse('service-unavailable');
    const number = directory.number(incoming.called);
    const listed = directory.listed(incoming.callerNumber);
    const arrival = judgeArrival({
      number,
      callerNumber: incoming.callerNumber,
      blocked: listed?.list === 'black',
      open: ({ flow }) => flow.hours === undefined || isOpenAt(flow.hours, localTime(nowMs(), deps.siteTimeZone), calendar),
    });
    if (arrival.verdict === 'refused') {
      log.info({ trunkId: incoming.trunkId, cause: arrival.cause }, 'call refused');
      return incoming.refuse(arrival.failure);
    }
    const { call, effects } = inboundCall({
      id: newId(),
      trunkId: incoming.trunkId,
      class: incoming.class,
      callerNumber: incoming.callerNumber,
      called: incoming.called,
      number: arrival.number,
      open: arrival.open,
      callerPriority: listed?.list === 'vip' ? listed.priority : 0,
      callbackBarred: isCallbackBarred(incoming.callerNumber, directory.trunk(incoming.trunkId)?.trustsIdentity === true),
      atMs: incoming.receivedAtMs,
    });
    const live = controller.add(call, { incoming, sipCallId: incoming.sipCallId });
    incoming.onEnded(() => controller.dispatch(call.id, { type: 'caller-hung-up' }));
    await controller.begin(live, effects);
  }

  /** Goes on with what an earlier process left; a call that cannot be saved gets its end and its reason on both sides. */
  async function takeUp(): Promise<boolean> {
    const read = await liveState.left().catch((error: unknown) => {
      log.error({ err: error }, 'calls of the process before could not be read');
      return undefined;
    });
    const left = read ?? { calls: [], seats: [] };
    // Side by side: a far side that does not answer delays nobody else's call.
    await Promise.all(left.seats.map((seat) => seats.adopt(seat, deps.adoptDialog)));
    const saved = (await Promise.all(left.calls.map(takeUpCall))).filter(Boolean).length;
    if (left.calls.length > 0) log.warn({ calls: left.calls.length, saved }, 'calls of the process before were taken over');
    // Not before: whoever asks of a call that is still to be taken up would take it for ended.
    stops.push(
      await commands.serve(
        callCommands({
          controller,
          seats,
          media,
          directory,
          outbound: deps.outbound,
          occupations,
          commands,
          status,
          readAgain,
          recordOf: deps.platform.recordOf,
          hashNumber: deps.hashNumber,
          newId,
          isClosed: () => closed,
          nowMs,
        }),
      ),
    );
    return read !== undefined;
  }

  async function takeUpCall(kept: KeptCall): Promise<boolean> {
    const { call } = kept;
    const { unpublished = [] } = kept;
    if (call.stage.kind === 'ended') {
      endAgain(call, unpublished);
      return true;
    }
    for (const anchor of kept.anchors) media.adopt(anchor);
    const live = controller.add(call, { incoming: undefined, sipCallId: kept.sipCallId, unpublished });
    director.adopt(call.id);
    const effects = takeOverEffects(call, nowMs());
    const leg =
      kept.dialogId === undefined
        ? undefined
        : await deps.adoptDialog(kept.dialogId, () => controller.dispatch(call.id, { type: 'caller-hung-up' }));
    live.leg = leg;
    bindLeg(leg, call.id, media);
    live.sipStatus = call.answered ? 200 : 0;
    // Among them is the own leg of a call out, whose end is the call's.
    for (const { legId, dialogId } of kept.outside.filter((leg) => leg.dialogId !== kept.dialogId)) {
      const outside = await deps.adoptDialog(dialogId, () => controller.dispatch(call.id, { type: 'leg-ended', legId }));
      bindLeg(outside, outsideLeg(call.id, legId), media);
      live.outside.set(legId, { abort: new AbortController(), ...(outside === undefined ? {} : { leg: outside }) });
      if (outside === undefined) controller.dispatch(call.id, { type: 'leg-ended', legId });
    }
    for (const { legId, answeredAtMs = 0, longestMs } of legsUp(live.call))
      watchLongest(live, legId, Math.max(0, answeredAtMs + longestMs - nowMs()), {
        later,
        tell: (callId, event) => void controller.dispatch(callId, event),
      });
    // The caller hung up while nobody was there to hear it.
    if (live.call.stage.kind === 'ended') return true;
    if (leg === undefined || effects === undefined) {
      const lost = controller.dispatch(call.id, { type: 'lost', cause: 'system-failure', by: 'system' });
      if ('settled' in lost) await lost.settled;
      return false;
    }
    await controller.begin(live, effects);
    // Nobody hears any more how the legs went on that the process before was dialling.
    for (const { legId, answeredAtMs, endedAtMs } of call.dialled ?? [])
      if (answeredAtMs === undefined && endedAtMs === undefined && legId !== OWN_LEG)
        controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });
    // Nor how one went on that was not on the wire yet.
    const legId = dialledNow(live.call.stage);
    const isUp = legsUp(live.call).some((leg) => leg.legId === legId);
    if (legId !== undefined && !isUp) controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });
    for (const agentId of agentsIn(call))
      if (seats.of(agentId)?.mediaUp !== true) controller.dispatch(call.id, { type: 'seat-down', agentId });
    // What the process before published to the pages of these agents may be lost with it.
    for (const agentId of agentsIn(live.call))
      outbox.put('call.changed', { callId: call.id, agentId, at: new Date(nowMs()).toISOString() });
    return true;
  }

  /** The process before had ended it and died before it knew that its end was published. */
  function endAgain({ id }: Call, unpublished: readonly CallFact[]): void {
    for (const { id: eventId, name, event } of unpublished) outbox.put(name, event, eventId);
    outbox.whenOut(() => liveState.forgetCall(id));
  }

  /** After live state was away: what it should hold, and the callers who wait, who would else be forgotten. */
  function restate(): void {
    liveState.forgetAgain();
    seats.restate();
    controller.restate((call) => (call.stage.kind === 'queued' ? [queuedFact(call, call.stage.queueId, call.stage.stepId, nowMs())] : []));
  }

  /** Conferences and watched calls are heard again in the new mixer. */
  function mixerStarted(): void {
    for (const callId of director.forgetRooms()) controller.review(callId);
  }

  /** Prompts are looked up anew when they are next played. */
  async function readAgain(): Promise<void> {
    prompts.forget();
    await Promise.all([directory.read(), calendar.read()]);
  }

  const stops: (() => Promise<void> | void)[] = [];

  deps.onKey((id, key) => {
    const outside = outsideLegOf(id);
    if (outside === undefined) controller.dispatch(id, { type: 'key', key });
    else controller.dispatch(outside.callId, { type: 'leg-key', legId: outside.legId, key });
  });
  deps.onMediaLost((legId) => {
    if (seats.legLost(legId)) return;
    legGone(legId, 'media-failure');
  });
  deps.onMediaRevived((legId) => {
    if (seats.legRevived(legId)) return;
    ear.forget(legId);
    controller.review(outsideLegOf(legId)?.callId ?? legId);
  });
  deps.onSilent((legId) => legGone(legId, 'caller-silent'));
  deps.onQuiet((legId) => void askWhetherThere(legId, controller, log));

  function legGone(legId: string, cause: 'media-failure' | 'caller-silent'): void {
    if (controller.get(legId) !== undefined) {
      controller.dispatch(legId, { type: 'lost', cause, by: 'system' });
      return;
    }
    const outside = outsideLegOf(legId);
    if (outside !== undefined) controller.dispatch(outside.callId, { type: 'leg-ended', legId: outside.legId });
  }

  return {
    directory,
    invited,
    takeUp,
    async leave() {
      closed = true;
      await leaveCalls(controller, media, nowMs);
    },
    seatInvited: (incoming) => seats.invited(incoming),
    service: {
      name: 'calls',
      async start() {
        await records.start();
        await Promise.all([directory.read(), calendar.read()]);
        stops.push(deps.platform.onLiveStateBack(restate));
        stops.push(clock.every(READ_AGAIN_MS, () => void Promise.all([readAgain(), director.closeAgain()])));
        stops.push(await bus.follow(mixerStarted, { ...unhurried, only: ['mixer.started'] }));
      },
      async stop(ending) {
        closed = true;
        for (const stop of stops.splice(0).reverse()) await stop();
        if (ending === 'product') await endAll();
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
    },
  };

  /** Nobody comes after this process who could go on with them. */
  async function endAll(): Promise<void> {
    await Promise.all(
      [...controller.all()].map(({ call }) => {
        const ended = controller.dispatch(call.id, { type: 'lost', cause: 'system-failure', by: 'system' });
        return 'settled' in ended ? ended.settled : Promise.resolve();
      }),
    );
    await seats.endAll();
  }

  async function status(): Promise<Record<string, unknown>> {
    return {
      ok: true,
      calls: controller.size,
      seats: seats.size,
      eventsWaiting: outbox.waiting,
      recordsSpooled: await records.waiting().catch(() => 0),
      settingsCopiedAt: deps.platform.settingsCopiedAt?.(),
    };
  }
}
