import type { Dialler } from '../../../services/calls/ports.js';
import type { PermitBook } from '../../../services/outbound/gate/permit-book.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { CallCentreError, type FailureCode } from '../../../services/shared/domain/failure.js';
import { WayFailed } from '../../../services/shared/domain/calls/way-failed.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { addressesOf } from '../../../services/signalling/addresses.js';
import { createDialler } from '../../../services/signalling/dialler.js';
import type { SipOut, SipOutDialog } from '../../../services/signalling/ports.js';
import { createTrunkLoad, type TrunkLoad } from '../../../services/signalling/trunks/trunk-load.js';
import { createWays } from '../../../services/signalling/ways.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';
import type { PartyName } from './relay.js';
import { NETWORK_MS, type FarBehaviour } from './sip.js';

const FAR_REFUSES = 0.15;
/** A carrier that has no way to a number says so with 503. */
const REFUSED_WITHIN_MS = 4_000;
const SENT_AGAIN_MS = [500, 1_500, 3_500, 7_500, 15_500] as const;
const OK = 200;

/** `full`: answers OPTIONS, and an INVITE with 503. `silent`: answers nothing. */
export type ServerState = 'up' | 'full' | 'silent';

/** An INVITE as it came to a server of a carrier. */
export interface Try {
  readonly atMs: number;
  readonly trunkId: string;
  readonly uri: string;
  rang: boolean;
  answered: boolean;
}

/** One leg outside, over whatever trunks and servers it was tried. */
export interface LegOut {
  readonly permit: DialPermit;
  readonly beganMs: number;
  readonly signal: AbortSignal;
  readonly process: Process;
  readonly party: PartyName;
  readonly behaviour: FarBehaviour;
  readonly tries: Try[];
  /** When the last trunk gave it back, and how. */
  over:
    | {
        readonly atMs: number;
        readonly trunkId: string;
        readonly failed: 'way' | 'time' | undefined;
        readonly sent: boolean;
        left?: boolean;
      }
    | undefined;
}

/** The carriers' servers and channels. Which server is asked, which trunk has room and when it is left decides the product's own code. */
export class Carriers {
  readonly #servers = new Map<string, { state: ServerState; sinceMs: number }>();
  readonly #legs = new WeakMap<AbortSignal, LegOut>();
  readonly legs: LegOut[] = [];
  readonly #settingUp = new Map<string, number>();
  readonly #fullMs = new Map<string, number>();
  #load: { readonly process: Process; readonly load: TrunkLoad } | undefined;
  /** When police, fire or ambulance were last called, even over a full trunk. */
  emergencyMs = Number.NEGATIVE_INFINITY;
  /** When the process that dials began: it asks each server first. */
  begunMs = 0;

  constructor(private readonly world: World) {}

  trunk(trunkId: string): Trunk | undefined {
    return this.world.stores.trunks.find(({ id }) => id === trunkId);
  }
  serversOf(trunkId: string): readonly string[] {
    const trunk = this.trunk(trunkId);
    return trunk === undefined ? [] : addressesOf(trunk).map(({ uri }) => uri);
  }
  /** Some servers ring without having said 100 (RFC 3261 section 17.2.1 asks for it): the last one of each trunk here. */
  says100(uri: string): boolean {
    return this.world.stores.trunks.every(({ id }) => this.serversOf(id).at(-1) !== uri);
  }
  server(uri: string): { readonly state: ServerState; readonly sinceMs: number } {
    return this.#servers.get(uri) ?? { state: 'up', sinceMs: Number.NEGATIVE_INFINITY };
  }

  turn(uri: string, state: ServerState): void {
    if (this.server(uri).state === state) return;
    this.#servers.set(uri, { state, sinceMs: this.world.scheduler.nowMs });
    this.world.note('carrier', `is ${state}`, { uri });
  }

  /** One server fails for a while; everybody else goes on. */
  fail(): void {
    const { random, scheduler, stores } = this.world;
    const uri = random.pick(stores.trunks.flatMap(({ id }) => this.serversOf(id)));
    this.turn(uri, random.pick(['full', 'silent', 'silent']));
    scheduler.after(random.int(5_000, 120_000), () => this.turn(uri, 'up'));
  }

  heal(): void {
    for (const uri of this.#servers.keys()) this.turn(uri, 'up');
  }

  /** A trunk's calls as its carrier counts them: open INVITEs and dialogs. */
  carried(trunkId: string): number {
    return (this.#settingUp.get(trunkId) ?? 0) + this.world.sip.dialogsOf(trunkId);
  }
  /** When a trunk last carried all that was agreed upon. */
  fullMs(trunkId: string): number {
    this.#look(trunkId);
    return this.#fullMs.get(trunkId) ?? Number.NEGATIVE_INFINITY;
  }
  #look(trunkId: string): void {
    const { channels } = this.trunk(trunkId) ?? {};
    if (channels !== undefined && this.carried(trunkId) >= channels) this.#fullMs.set(trunkId, this.world.scheduler.nowMs);
  }
  #sets(trunkId: string, by: 1 | -1): void {
    this.#look(trunkId);
    this.#settingUp.set(trunkId, (this.#settingUp.get(trunkId) ?? 0) + by);
    this.#look(trunkId);
  }

  /** A call from a carrier asks the running process for a channel. */
  async comesIn(trunkId: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    const trunk = this.trunk(trunkId);
    if (this.#load?.process.alive !== true || trunk === undefined) return undefined;
    const ours = await this.#load.load.take(trunk, 'in', signal);
    if (ours === undefined) return undefined;
    this.#sets(trunkId, 1);
    let over = false;
    return () => {
      ours();
      if (!over) this.#sets(trunkId, -1);
      over = true;
    };
  }

  dialler(process: Process, book: PermitBook): Dialler {
    const { world } = this;
    const { sip, scheduler } = world;
    const nowMs = process.clock.nowMs;
    const ways = createWays({
      trunks: () => world.stores.trunks,
      locator: { servers: () => [], refresh: () => undefined },
      ask: (uri, withinMs) =>
        this.server(uri).state === 'silent'
          ? process.later(withinMs, () => undefined)
          : process.later(2 * NETWORK_MS, () => (this.server(uri).state === 'silent' ? undefined : OK)),
      nowMs,
      every: process.clock.every,
      random: () => world.random.unit(),
      log: silentLogger,
    });
    const load = createTrunkLoad({ talking: (trunkId) => sip.dialogsOf(trunkId, process), every: process.clock.every, nowMs });
    ways.start();
    this.#load = { process, load };
    this.begunMs = scheduler.nowMs;
    let redeemed = false;
    const { dial } = createDialler({
      trunk: (trunkId) => this.trunk(trunkId),
      redeem: (permit) => (redeemed = book.redeem(permit)),
      notSent: (permit) => book.notSent(permit),
      isProvable: () => true,
      ways,
      load,
      send: (out) => this.#send(process, out),
      log: silentLogger,
    });
    return {
      dial: async (wish) => {
        const { permit, signal } = wish;
        const leg = this.#legOf(permit, signal, process);
        const before = leg.tries.length;
        let settled = false;
        const over = (failed: 'way' | 'time' | undefined): void => {
          settled = true;
          leg.over = { atMs: scheduler.nowMs, trunkId: permit.trunkId, failed, sent: leg.tries.length > before };
        };
        leg.over = undefined;
        try {
          const dialling = dial(wish);
          // A permit is redeemed before anything else is awaited.
          sip.out.push({ atMs: scheduler.nowMs, permit, redeemed, rings: () => !settled && process.alive });
          const made = await dialling;
          over(undefined);
          return { ...made, onEnded: (handle) => made.onEnded(handle) };
        } catch (error) {
          over(error instanceof WayFailed ? 'way' : error instanceof CallCentreError && error.code === 'timed-out' ? 'time' : undefined);
          throw error;
        }
      },
    };
  }

  #legOf(permit: DialPermit, signal: AbortSignal, process: Process): LegOut {
    const known = this.#legs.get(signal);
    const leg: LegOut = {
      ...{ permit, signal, process, over: undefined },
      beganMs: known?.beganMs ?? this.world.scheduler.nowMs,
      party: known?.party ?? this.world.sip.newParty(),
      behaviour: known?.behaviour ?? this.world.farBehaviour(),
      tries: known?.tries ?? [],
    };
    this.#legs.set(signal, leg);
    const at = known === undefined ? -1 : this.legs.indexOf(known);
    if (at === -1) this.legs.push(leg);
    else this.legs[at] = leg;
    return leg;
  }

  /** An INVITE on its way to one server, and what comes of it. */
  #send(process: Process, out: SipOut): Promise<SipOutDialog> {
    const { world } = this;
    const { scheduler, sip } = world;
    const leg = this.#legs.get(out.signal);
    if (leg === undefined) throw new Error('an INVITE of no leg');
    const { permit, party, behaviour } = leg;
    const uri = out.uri.slice(out.uri.indexOf('@') + 1);
    const { state } = this.server(uri);
    const sentMs = scheduler.nowMs;
    const seen: Try = { atMs: sentMs, trunkId: out.trunkId, uri, rang: false, answered: false };
    leg.tries.push(seen);
    if (permit.emergency === true) this.emergencyMs = sentMs;
    world.note('sip', 'INVITE out', { trunkId: out.trunkId, uri, party, outcome: state === 'up' ? behaviour.outcome : state });
    this.#sets(out.trunkId, 1);
    return new Promise((resolve, reject) => {
      let settled = false;
      const settle = (act: () => void): void => {
        if (settled) return;
        settled = true;
        this.#sets(out.trunkId, -1);
        if (process.alive) act();
      };
      const fail = (code: FailureCode): void => settle(() => reject(new CallCentreError(code, 'the far side did not answer')));
      const left = (silent: boolean): void => settle(() => reject(new WayFailed(silent)));
      // A cancel takes its time to get there: an answer may cross it.
      const cancel = (): unknown => scheduler.after(2 * NETWORK_MS, () => fail('timed-out'));
      if (out.signal.aborted) cancel();
      out.signal.addEventListener('abort', cancel);
      scheduler.after(out.timeoutMs, () => fail('timed-out'));
      const isOver = (): boolean => settled || !process.alive;
      const heard = this.#watched(out, { isOver, hasRung: () => seen.rang, left: () => left(true) });
      const answer = (): void => {
        seen.answered = true;
        sip.far(permit.permitId, 'answers');
        resolve(this.#answered(leg, out.trunkId, process));
      };
      const arrive = (): void => {
        if (settled) return;
        const { state } = this.server(uri);
        if (state !== 'silent' && this.says100(uri) && !isOver()) {
          heard();
          out.onTrying?.();
        }
        if (state === 'full') scheduler.after(2 * NETWORK_MS, () => left(false));
        if (state === 'up') this.#rings(leg, out, seen, { left, fail, heard, answer: () => settle(answer), isOver });
        // Over UDP the INVITE is sent again (RFC 3261 section 17.1.1.2): a server that is back gets it then.
        const next = SENT_AGAIN_MS.find((ms) => sentMs + ms > scheduler.nowMs);
        if (state === 'silent' && next !== undefined) scheduler.after(sentMs + next - scheduler.nowMs, arrive);
      };
      arrive();
    });
  }

  /** How long an INVITE waits for a word of its server. Returns what to call when one has come. */
  #watched(
    { silence, saysTrying, onSilence }: SipOut,
    { isOver, hasRung, left }: { isOver(): boolean; hasRung(): boolean; left(): void },
  ): () => void {
    const { scheduler } = this.world;
    let isHeard = false;
    let isToldSilent = false;
    if (silence !== undefined) {
      const { afterMs, unheardMs, lastWay, isThere } = silence;
      let isAbsent = false;
      const isWaitedFor = (): boolean => isOver() || hasRung() || (lastWay !== undefined && isHeard);
      scheduler.after(afterMs, () => {
        if (isWaitedFor()) return;
        isThere().then(
          (there) => {
            isAbsent = !there;
            if (isAbsent && lastWay === undefined && !isWaitedFor()) left();
          },
          () => undefined,
        );
      });
      scheduler.after(unheardMs, () => {
        if (isOver() || isHeard) return;
        isToldSilent = saysTrying?.() !== true;
        if (isToldSilent) onSilence?.(true);
        else left();
      });
      if (lastWay !== undefined) scheduler.after(lastWay.giveUpMs, () => (isAbsent && !isOver() && !isHeard ? left() : undefined));
    }
    return () => {
      isHeard = true;
      if (isToldSilent && !isOver()) onSilence?.(false);
      isToldSilent = false;
    };
  }

  /** An INVITE that has reached a server which accepts it. */
  #rings(
    { behaviour, party, permit }: LegOut,
    { onAlerted, onEarlyMedia }: SipOut,
    seen: Try,
    end: { left(silent: boolean): void; fail(code: FailureCode): void; heard(): void; answer(): void; isOver(): boolean },
  ): void {
    const { scheduler, sip } = this.world;
    const { ringAfterMs, early, outcome, afterMs } = behaviour;
    if (outcome === 'refused') {
      scheduler.after(Math.min(afterMs, REFUSED_WITHIN_MS), () => end.left(false));
      return;
    }
    if (ringAfterMs !== undefined)
      scheduler.after(ringAfterMs, () => {
        if (end.isOver()) return;
        seen.rang = true;
        end.heard();
        onAlerted?.({ afterMs: scheduler.nowMs - seen.atMs, rings: true });
        if (early) onEarlyMedia?.(party);
      });
    if (outcome === 'silent') return;
    scheduler.after(afterMs, () => {
      if (end.isOver()) return;
      if (outcome === 'answers') {
        end.answer();
        return;
      }
      sip.far(permit.permitId, 'refuses');
      end.fail(outcome);
    });
  }

  #answered({ permit, party, behaviour: { talkMs } }: LegOut, trunkId: string, process: Process): SipOutDialog {
    const { world } = this;
    const { scheduler, sip } = world;
    const dialog = sip.open(party, trunkId, process, () => world.note('sip', 'far side was hung up', { party }));
    this.#look(trunkId);
    scheduler.after(talkMs, () => {
      if (dialog.alive) sip.far(permit.permitId, 'hangs-up');
      sip.farEnds(dialog);
    });
    // The called person hears that a key refuses further calls; some press it.
    if (world.random.chance(FAR_REFUSES)) scheduler.after(talkMs / 2, () => dialog.alive && world.farPresses(party, '9'));
    return { ...sip.leg(dialog, process), sdp: party, onEnded: (handle) => (dialog.ended = handle) };
  }
}
