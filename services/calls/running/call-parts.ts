import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import { chineseCalendar } from '../adapters/site-time.js';
import { createCallerEar } from '../media/caller-ear.js';
import { createController, type Controller } from './controller.js';
import { createDirectory, type DirectorySource } from '../numbers/directory.js';
import { createEffectRunner } from './effect-runner.js';
import { createMediaDirector } from '../media/media-director.js';
import type { MediaNews } from '../media/media-news.js';
import { createOccupations } from '../seats/occupations.js';
import { createOutbox } from './outbox.js';
import type { AdoptDialog, CallMedia, CallsPlatform, Dialler, LeavingGate, RecordingLedger } from '../ports.js';
import type { CountsOf } from '../media/line-quality.js';
import { createSeats } from '../seats/seats.js';
import { createSiteCalendar, type CalendarYears } from '../numbers/site-calendar.js';
import type { AgentId } from '../../shared/domain/ids.js';

export interface CallsDependencies extends MediaNews {
  readonly siteTimeZone: string;
  readonly seatGraceMs: number;
  readonly hashNumber: NumberHash;
  readonly media: CallMedia;
  readonly dialler: Dialler;
  readonly adoptDialog: AdoptDialog;
  readonly ledger: RecordingLedger;
  readonly outbound: LeavingGate;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly numbers: DirectorySource;
  readonly calendarYears: CalendarYears;
  /** What the relay has received of a conversation so far. Without it the quality of live calls is not measured here. */
  readonly lineCounts?: CountsOf;
  readonly platform: CallsPlatform;
  readonly log: Logger;
}

export type CallParts = ReturnType<typeof createCallParts>;

/** The parts that keep the calls of this process. Each part has its own state; the controller has the calls. */
export function createCallParts(deps: CallsDependencies) {
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
  const director = createMediaDirector({
    media,
    ear,
    commands,
    seatLeg: (agentId) => seats.of(agentId)?.legId,
    later,
    term: String(clock.nowMs()),
    log,
  });
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
  return { outbox, directory, calendar, seats, occupations, ear, director, controller };

  function seatExchanged(agentId: AgentId): void {
    occupations.echo(agentId, false);
    occupations.restate(agentId);
  }

  function seatUp(agentId: AgentId): void {
    for (const { call } of controller.callsOf(agentId)) controller.dispatch(call.id, { type: 'seat-up', agentId });
    controller.rejoin(agentId);
  }

  function seatDown(agentId: AgentId): void {
    for (const { call } of controller.callsOf(agentId)) controller.dispatch(call.id, { type: 'seat-down', agentId });
  }
}
