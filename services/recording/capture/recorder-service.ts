import { CallCentreError } from '../../shared/domain/failure.js';
import type { EventInput, EventOf } from '../../shared/events/catalogue.js';
import { createAlarmCondition, type AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';
import type { Health } from '../../shared/platform/processes/service.js';
import { FactsReader } from '../archive/assembly.js';
import type { RowPause } from '../ledger/ports.js';
import { takeUpLeft } from './left-calls.js';
import { LiveCall } from './live-call.js';
import type { CallMedia, RelayPorts, Spool, SpoolFile } from './ports.js';
import { markRecord, readRecords, type Mark } from './records.js';
import { OwedNotes } from './owed-notes.js';
import type { RecorderDependencies } from './recorder-dependencies.js';
import { openFromRow } from './row-to-spool.js';
import { toldRecordings } from './told-recordings.js';
import type { CallId } from '../../shared/domain/ids.js';

const TICK_MS = 1_000;
/** The media of a call is received from before its events until its sockets are closed, so several events may arrive together. */
const GATHER_MS = 20;
/** How often the disk is checked, in ticks. */
const SPACE_EVERY_TICKS = 5;
/** Captures of calls that never came into the spool are looked for at the start and every hour, and removed after a day. */
const LEFTOVERS_EVERY_TICKS = 3_600;
const LEFTOVER_AGE_MS = 86_400_000;
const NOTES = {
  'call.connected': 'connected',
  'call.held': 'held',
  'call.resumed': 'unheld',
  'call.transferred': 'transferred',
  'call.agent-left': 'agent-left',
  'call.survey-started': 'survey',
} as const;

const spaceWords = {
  en: 'The disk of the recording spool is nearly full. New calls will be refused before recordings are lost.',
  'zh-CN': '录音暂存磁盘即将写满。为避免丢失录音，写满前将拒绝新来电。',
} as const;

/** A late order is late by seconds only, so it is enough to remember this many ended calls. */
const MOST_OVER = 2_000;

/** Copies every answered call to the spool, and passes it on when it has ended. Owns the live recordings of this process. */
export class RecorderService {
  readonly #live = new Map<string, LiveCall>();
  readonly #beginning = new Map<string, Promise<void>>();
  /** Calls that have ended: a late order to record one of them is ignored, because nobody would end that recording. */
  readonly #over = new Set<string>();
  #stops: (() => Promise<void>)[] = [];
  #stopTicking = (): void => undefined;
  #ticks = 0;
  #freeBytes = Infinity;
  #alarmed = false;
  readonly #spaceAlarm: AlarmCondition;
  readonly #notes: OwedNotes;
  /** Live calls whose row had no answer: it is asked for at the end. */
  readonly #withoutAnswer = new Set<string>();

  constructor(private readonly deps: RecorderDependencies) {
    this.#notes = new OwedNotes(deps.log);
    this.#spaceAlarm = createAlarmCondition({ bus: deps.bus, code: 'spool-nearly-full', nowMs: deps.clock.wallMs });
  }

  async start(): Promise<void> {
    const { spool, commands, bus } = this.deps;
    await spool.start();
    await this.#watchSpace();
    this.#stops.push(
      await commands.serve({
        'recorder.start': async (input) => {
          if (this.#over.has(input.callId)) throw new CallCentreError('no-such-call', 'the call has ended');
          await this.begin(input.callId, input.ledgerNumber, input, { ports: input.ports });
          return {};
        },
        'recorder.pause': async ({ callId, reason }) => {
          await this.#pause(callId, reason);
          return {};
        },
        'recorder.resume': async ({ callId }) => {
          await this.#resume(callId);
          return {};
        },
        'recorder.status': async () => ({ ...this.#facts() }),
      }),
    );
    let told: ReturnType<typeof toldRecordings> | undefined;
    await takeUpLeft({
      ...this.deps,
      finish: (callId) => this.deps.finishing.finish(callId),
      listenAgain: (file) => this.#listenAgain(file),
      unlessKnown: (callId, work) => this.#unlessKnown(callId, work),
      // Asked once, and only where a call was left: a start of the whole product has nobody to ask.
      toldOf: () => (told ??= toldRecordings(commands, this.deps.log)),
      notePause: (file, pause) => this.#notePause(file, pause),
      wallMs: this.deps.clock.wallMs,
    });
    this.#stops.push(
      await bus.subscribe(
        'recorder',
        {
          'call.answered': (event) => this.#answered(event),
          'call.ended': (event) => this.#ended(event),
          ...Object.fromEntries(
            Object.entries(NOTES).map(([name, what]) => [
              name,
              async ({ callId, at }: { callId: CallId; at: string }) => this.#live.get(callId)?.mark({ kind: 'noted', what, at }),
            ]),
          ),
        },
        { gatherMs: GATHER_MS },
      ),
    );
    this.#stopTicking = this.deps.clock.every(TICK_MS, () => void this.#tick());
  }

  /** Live calls stay in the spool: the next start takes them up again. */
  async stop(): Promise<void> {
    this.#stopTicking();
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    for (const live of this.#live.values()) live.close();
    this.#live.clear();
    await this.deps.spool.stop();
    this.deps.copies.close();
  }

  health(): Health {
    const { failure } = this.deps.spool.state();
    const facts = { ...this.#facts() };
    if (failure !== undefined) return { ok: false, reason: `the spool cannot be written (${failure})`, facts };
    if (this.#freeBytes < this.deps.alarmFreeBytes) return { ok: false, reason: 'the spool disk is nearly full', facts };
    return { ok: true, facts };
  }

  /**
   * Idempotent. Refused with `disk-full` when there is no room for another call. `originWallMs`: the zero of its clock. For a call that
   * this recorder learns of late it must not be after the answer, because the end would then seem to precede it.
   */
  async begin(
    callId: CallId,
    ledgerNumber: number,
    media: CallMedia,
    { ports, originWallMs }: { readonly ports?: RelayPorts | undefined; readonly originWallMs?: number } = {},
  ): Promise<void> {
    if (this.#live.has(callId)) return;
    if (this.#freeBytes < this.deps.refuseFreeBytes) throw new CallCentreError('disk-full', 'the spool has no room for another call');
    // The command to record a call and the event of its answer may arrive at the same moment.
    const begun = this.#beginning.get(callId) ?? this.#begin(callId, ledgerNumber, media, { ports, originWallMs });
    this.#beginning.set(callId, begun);
    await begun.finally(() => this.#beginning.delete(callId));
  }

  async #begin(
    callId: CallId,
    ledgerNumber: number,
    media: CallMedia,
    { ports, originWallMs }: { readonly ports: RelayPorts | undefined; readonly originWallMs: number | undefined },
  ): Promise<void> {
    const { spool, clock } = this.deps;
    const file =
      (await spool.open(callId)) ??
      (await spool.create({
        callId,
        ledgerNumber,
        relay: media.relay,
        mediaCallId: media.mediaCallId,
        callerTag: media.callerTag,
        farTag: media.farTag,
        originWallMs: originWallMs ?? clock.wallMs(),
      }));
    const live = await this.#takeUp(file);
    if (ports !== undefined) live.notePorts(ports);
    await live.listen();
    await file.settle();
    await this.#publish('recording.started', { callId, at: this.#now(), ledgerNumber });
  }

  async #unlessKnown(callId: CallId, work: () => Promise<void>): Promise<void> {
    if (this.#live.has(callId) || this.#beginning.has(callId) || this.#over.has(callId)) return;
    const begun = work();
    this.#beginning.set(callId, begun);
    await begun.finally(() => this.#beginning.delete(callId));
  }

  #now(): string {
    return new Date(this.deps.clock.wallMs()).toISOString();
  }

  async #takeUp(file: Awaited<ReturnType<Spool['create']>>): Promise<LiveCall> {
    const facts = new FactsReader(file.header.originWallMs);
    for (const record of readRecords(await file.read(0)).records) facts.push(record);
    const live = new LiveCall(file, this.deps, { paused: facts.isPaused, resumeFromMs: facts.facts().lastMs });
    if (facts.facts().answeredAt === undefined) this.#withoutAnswer.add(file.header.callId);
    this.#live.set(file.header.callId, live);
    return live;
  }

  async #listenAgain(file: Awaited<ReturnType<Spool['create']>>): Promise<void> {
    const live = await this.#takeUp(file);
    try {
      await this.deps.copies.dropStale(file.header);
      await live.listen();
      await live.askPorts();
      this.deps.log.info({ callId: live.callId }, 'a live call is recorded again');
    } catch (error) {
      // The tick tries again.
      this.deps.log.warn({ err: error, callId: live.callId }, 'a live call could not be subscribed to');
    }
  }

  async #answered({ callId, at, ledgerNumber, media: { ports, ...media } }: EventOf<'call.answered'>): Promise<void> {
    const { ledger, log, spool, clock } = this.deps;
    if (!this.#live.has(callId)) {
      const originWallMs = Math.min(Date.parse(at), clock.wallMs());
      await this.begin(callId, ledgerNumber, media, { ports, originWallMs }).catch((error: unknown) =>
        log.warn({ err: error, callId }, 'an answered call is not recorded yet'),
      );
    }
    const live = this.#live.get(callId);
    if (live !== undefined) {
      // A party that we called has sent its SDP only now, or an older telephony process does not report the addresses at all.
      if (ports !== undefined) live.notePorts(ports);
      live.mark({ kind: 'answered', at });
      await live.file.settle();
      live
        .askPorts()
        .catch((error: unknown) => log.warn({ err: error, callId }, 'the relay did not say where it receives the sides of a call'));
    } else if ((await spool.open(callId)) === undefined) {
      // Nothing could be opened. Only the folder remembers that the call must be accounted for.
      const file = await spool.create({ callId, ledgerNumber, ...media, originWallMs: Date.parse(at) });
      if (ports !== undefined)
        await this.#mark(file, { kind: 'relay-ports', caller: [ports.caller], agent: [ports.far], agentAddress: ports.farAddress });
      await this.#mark(file, { kind: 'answered', at });
    }
    this.#withoutAnswer.delete(callId);
    await this.#notes.note(callId, () => ledger.answered({ number: ledgerNumber, callId, answeredAt: at, media: { ...media, ports } }));
  }

  async #ended({ callId, at, answered }: EventOf<'call.ended'>): Promise<void> {
    const { spool, captures, finishing } = this.deps;
    this.#over.add(callId);
    for (const oldest of [...this.#over].slice(0, Math.max(0, this.#over.size - MOST_OVER))) this.#over.delete(oldest);
    // A recording that is just being started is awaited, so that it ends too.
    await this.#beginning.get(callId)?.catch(() => undefined);
    const live = this.#live.get(callId);
    const file = live?.file ?? (await spool.open(callId)) ?? (answered ? await this.#fromLedger(callId) : undefined);
    if (answered && file !== undefined) await this.#askAnswer(callId, file);
    this.#live.delete(callId);
    this.#withoutAnswer.delete(callId);
    if (!answered) {
      live?.close();
      // While the document store is down this fails, and the event is delivered again: nobody else closes the row on this day.
      await this.#closeUnanswered(callId, at, file?.header.ledgerNumber);
      if (file === undefined) return;
      await captures.remove(file.header.mediaCallId);
      await spool.remove(callId);
      return;
    }
    if (file === undefined) return;
    if (live === undefined) await this.#mark(file, { kind: 'ended', at });
    else {
      live.end(at);
      await file.settle();
    }
    finishing.finish(callId);
  }

  /** A call that was recorded on another machine and ended before this recorder had learned of it. */
  async #fromLedger(callId: CallId): Promise<Awaited<ReturnType<Spool['open']>>> {
    const row = await this.deps.ledger.ofCall(callId);
    if (row?.answeredAt === undefined) this.#withoutAnswer.add(callId);
    return row === undefined ? undefined : openFromRow(this.deps.spool, row);
  }

  /** When a call was answered that was taken up from a row without its answer. While its record is not there the event comes again. */
  async #askAnswer(callId: CallId, file: SpoolFile): Promise<void> {
    if (!this.#withoutAnswer.has(callId)) return;
    const answeredAt = (await this.deps.calls.find(callId))?.answeredAt;
    if (answeredAt === undefined) throw new CallCentreError('service-unavailable', 'the record of an ended call is not there yet');
    file.append(markRecord(Date.parse(answeredAt) - file.header.originWallMs, { kind: 'answered', at: answeredAt }));
  }

  /** Also for a call that this recorder refused and that has no file: its number must not stay open. */
  async #closeUnanswered(callId: CallId, endedAt: string, known: number | undefined): Promise<void> {
    const { ledger } = this.deps;
    const number = known ?? (await ledger.ofCall(callId))?.number;
    if (number !== undefined)
      await ledger.settle({ number, callId, state: 'not-answered', endedAt, reason: 'ended before it was answered' });
  }

  async #mark(file: Awaited<ReturnType<Spool['create']>>, mark: Mark): Promise<void> {
    file.append(markRecord(this.deps.clock.wallMs() - file.header.originWallMs, mark));
    await file.settle();
  }

  async #pause(callId: CallId, reason: string): Promise<void> {
    const live = this.#need(callId);
    live.pause(reason);
    this.#notePause(live.file, { at: this.#now(), reason });
    const { copies, captures, log } = this.deps;
    try {
      await copies.stopCapture(live.file.header);
      await captures.setAside(live.file.header.mediaCallId);
    } catch (error) {
      log.warn({ err: error, callId }, 'the relay did not pause its capture');
    }
    await live.file.settle();
    await this.#publish('recording.paused', { callId, at: this.#now(), reason });
  }

  async #resume(callId: CallId): Promise<void> {
    const live = this.#need(callId);
    live.resume();
    this.#notePause(live.file, { at: this.#now() });
    await this.deps.copies
      .startCapture(live.file.header)
      .catch((error: unknown) => this.deps.log.warn({ err: error, callId }, 'the relay did not resume its capture'));
    await live.file.settle();
    await this.#publish('recording.resumed', { callId, at: this.#now() });
  }

  /** A pause does not wait for the document store: the spool has it. */
  #notePause({ header }: SpoolFile, pause: RowPause): void {
    const { callId, ledgerNumber: number } = header;
    void this.#notes.note(callId, () => this.deps.ledger.paused({ number, callId, pause }));
  }

  async #publish<Name extends 'recording.started' | 'recording.paused' | 'recording.resumed'>(
    name: Name,
    event: EventInput<Name>,
  ): Promise<void> {
    await this.deps.bus
      .publish(name, event)
      .catch((error: unknown) => this.deps.log.warn({ err: error, event: name }, 'an event could not be published'));
  }

  #need(callId: CallId): LiveCall {
    const live = this.#live.get(callId);
    if (live === undefined) throw new CallCentreError('no-such-call', 'this call is not being recorded');
    return live;
  }

  async #tick(): Promise<void> {
    this.#ticks += 1;
    if (this.#ticks % LEFTOVERS_EVERY_TICKS === 1)
      this.#removeLeftovers().catch((error: unknown) => this.deps.log.warn({ err: error }, 'old captures could not be listed'));
    void this.#notes.again();
    if (this.#ticks % SPACE_EVERY_TICKS === 0) await this.#watchSpace();
    const calls = [...this.#live.values()];
    for (const live of calls)
      live.tick().catch((error: unknown) => this.deps.log.warn({ err: error, callId: live.callId }, 'a copy is missing'));
    this.deps.finishing.advance(calls.map((live) => ({ callId: live.callId, nowMs: live.nowMs() })));
  }

  /** Removes the remains of calls that were refused, or lost with a relay, before they could be recorded. */
  async #removeLeftovers(): Promise<void> {
    const { spool, captures, log } = this.deps;
    const files = await Promise.all(spool.list().map((callId) => spool.open(callId)));
    const removed = await captures.removeOlder(
      LEFTOVER_AGE_MS,
      files.flatMap((file) => file?.header.mediaCallId ?? []),
    );
    if (removed > 0) log.warn({ removed }, 'captures that belong to no recorded call were removed');
  }

  async #watchSpace(): Promise<void> {
    this.#freeBytes = await this.deps.spool.freeBytes().catch(() => this.#freeBytes);
    const low = this.#freeBytes < this.deps.alarmFreeBytes;
    if (low && !this.#alarmed) this.deps.log.error({ freeBytes: this.#freeBytes }, 'the disk of the recording spool is nearly full');
    this.#alarmed = low;
    await this.#spaceAlarm
      .is(low ? { text: spaceWords } : undefined)
      .catch((error: unknown) => this.deps.log.warn({ err: error }, 'an alarm could not be published'));
  }

  #facts(): { live: number; paused: number; waiting: number; failing: number; freeBytes: number; spoolFailure: string | null } {
    const { failure } = this.deps.spool.state();
    return {
      live: this.#live.size,
      paused: [...this.#live.values()].filter(({ isPaused }) => isPaused).length,
      ...this.deps.finishing.status(),
      freeBytes: Number.isFinite(this.#freeBytes) ? this.#freeBytes : 0,
      spoolFailure: failure ?? null,
    };
  }
}
