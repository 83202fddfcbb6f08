import type { Call } from '../../services/calls/machine/call.js';
import { History } from './history.js';
import { Alarms } from './models/alarms.js';
import { Archive } from './models/archive.js';
import { Bus } from './models/bus.js';
import { Campaigns } from './models/campaigns.js';
import { Carriers } from './models/carriers.js';
import { Chats, Wall } from './models/chats.js';
import { Commands } from './models/commands.js';
import { Helps } from './models/helps.js';
import { Listenings } from './models/listening.js';
import { Mixer } from './models/mixer.js';
import { Notes } from './models/notes.js';
import { Outbound } from './models/outbound.js';
import { Paperwork } from './models/paperwork.js';
import { Relay } from './models/relay.js';
import { Sip, type FarBehaviour } from './models/sip.js';
import { PACKET_MS, Sound } from './models/sound.js';
import { Staff, WHOLE_SITE } from './models/staff.js';
import { Stores } from './models/stores.js';
import { Thresholds } from './models/thresholds.js';
import { AgentPerson } from './people/agent.js';
import { Caller } from './people/caller.js';
import { DeskPeople } from './people/desk-people.js';
import { BoardPage, WallScreen } from './people/screens.js';
import { SLOWEST_MS, type Fault, type Profile } from './profiles.js';
import type { Random } from './random.js';
import { RecorderRole } from './roles/recorder.js';
import { CasesRole, GatewayRole, MixerRole, RoutingRole, TelephonyRole } from './roles/roles.js';
import { Scheduler } from './scheduler.js';
import type { Site } from './site.js';

/** What did not hold, and when. */
export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  readonly text: string;
  /** Names by which its lines of the history are found. */
  readonly about: readonly string[];
}

export interface WorldOptions {
  readonly seatGraceMs: number;
  readonly print?: ((line: string) => void) | undefined;
}

/** After a fault has passed, whatever is out of step may take this long to recover. */
const RECOVERED_MS = 20_000;
const NEW_CALL_MS = 120_000;

/** The whole centre of one seed: the product's own code, the models around it, and the people. */
export class World {
  readonly scheduler: Scheduler;
  readonly history: History;
  readonly bus: Bus;
  readonly commands: Commands;
  readonly stores: Stores;
  readonly relay: Relay;
  readonly sound: Sound;
  readonly archive: Archive;
  readonly mixer = new Mixer();
  readonly sip: Sip;
  readonly carriers: Carriers;
  readonly telephony: TelephonyRole;
  readonly routing: RoutingRole;
  readonly mixerRole: MixerRole;
  readonly recorder: RecorderRole;
  readonly gateway: GatewayRole;
  readonly cases: CasesRole;
  readonly outbound: Outbound;
  readonly paperwork: Paperwork;
  readonly listenings: Listenings;
  readonly helps: Helps;
  readonly staff: Staff;
  readonly chats: Chats;
  readonly wall: Wall;
  readonly notes: Notes;
  readonly alarms: Alarms;
  readonly thresholds: Thresholds;
  readonly desk: DeskPeople;
  /** Pages with the boards open, by person; and the screen of the wall. */
  readonly boards = new Map<string, BoardPage>();
  screen: WallScreen | undefined;
  readonly campaigns: Campaigns;
  readonly agents = new Map<string, AgentPerson>();
  readonly callers = new Map<string, Caller>();
  /** The second phase: no faults, no new callers, and everybody does the work. */
  healthy = false;
  violation: Violation | undefined;
  /** Called four times a second of virtual time, and at each fault. */
  readonly onLook: (() => void)[] = [];
  /** Called with a call that has just been stored. */
  readonly onKept: ((call: Call) => void)[] = [];
  readonly onFault: ((fault: Fault) => void)[] = [];
  /** Called when telephony is told of a key. */
  readonly onKey: ((legId: string, key: string) => void)[] = [];
  /** What an agent whose seat rings is shown of the caller. */
  readonly onBriefing: ((
    callId: string,
    earlier: readonly { readonly callId: string }[],
    complaints: readonly { readonly id: string }[],
  ) => void)[] = [];
  #callers = 0;
  /** When each call began that has not ended yet. */
  readonly #begunMs = new Map<string, number>();
  #disturbedUntilMs = 0;

  constructor(
    readonly seed: number,
    readonly random: Random,
    readonly profile: Profile,
    readonly site: Site,
    readonly options: WorldOptions,
  ) {
    this.scheduler = new Scheduler(profile.startMs, random.fork());
    this.history = new History(profile.startMs, options.print);
    this.bus = new Bus(this);
    this.commands = new Commands(this);
    this.stores = new Stores(this);
    this.relay = new Relay(this);
    this.sound = new Sound(this);
    this.archive = new Archive(this);
    this.sip = new Sip(this);
    this.carriers = new Carriers(this);
    this.telephony = new TelephonyRole(this);
    this.routing = new RoutingRole(this);
    this.mixerRole = new MixerRole(this);
    this.recorder = new RecorderRole(this);
    this.gateway = new GatewayRole(this);
    this.cases = new CasesRole(this);
    this.outbound = new Outbound(this);
    this.paperwork = new Paperwork(this);
    this.listenings = new Listenings(this);
    this.helps = new Helps(this);
    this.staff = new Staff(this);
    this.chats = new Chats(this);
    this.wall = new Wall(this);
    this.notes = new Notes(this);
    this.alarms = new Alarms(this);
    this.thresholds = new Thresholds(this);
    this.desk = new DeskPeople(this);
    this.campaigns = new Campaigns(this);
    this.bus.witnesses.push((event, { callId }) => {
      if (typeof callId !== 'string') return;
      if (event === 'call.arrived') this.#begunMs.set(callId, this.scheduler.nowMs);
      if (event === 'call.ended') this.#begunMs.delete(callId);
    });
    for (const queue of site.queues) this.stores.queues.set(queue.id, queue);
    for (const number of site.numbers) this.stores.numbers.set(number.number, number);
    for (const [agentId, levels] of site.skills) this.stores.skills.set(agentId, levels);
    this.stores.trunks.push(...site.trunks);
  }

  start(): void {
    this.#soundFlows();
    for (const role of [this.mixerRole, this.recorder, this.telephony, this.routing, this.gateway, this.cases]) role.start();
    for (const agentId of this.site.agents) this.agents.set(agentId, new AgentPerson(this, agentId, false));
    for (const agentId of this.site.supervisors) this.agents.set(agentId, new AgentPerson(this, agentId, true));
    if (!this.profile.teams) return;
    for (const userId of [...this.site.supervisors, WHOLE_SITE]) this.boards.set(userId, new BoardPage(this, userId));
    this.screen = new WallScreen(this);
  }

  #soundFlows(): void {
    this.scheduler.after(PACKET_MS, () => {
      this.#soundFlows();
      this.sound.flow();
    });
  }

  newCaller(): void {
    this.#callers += 1;
    const caller = new Caller(this, this.#callers);
    this.callers.set(caller.party, caller);
  }

  /** A party that was called presses a key. */
  farPresses(party: string, key: string): void {
    const legId = this.relay.legOf(party);
    if (legId === undefined) return;
    this.note(party, 'presses', { key });
    this.telephony.key(legId, key);
  }

  /** How long a message takes, in milliseconds. Now and then one is slow. */
  latency(): number {
    const slow = !this.healthy && this.profile.slowChance > 0 && this.random.chance(this.profile.slowChance);
    return slow ? this.random.int(50, SLOWEST_MS) : 1 + this.random.unit() * 3;
  }

  note(who: string, what: string, more: Readonly<Record<string, unknown>>): void {
    this.history.add({ atMs: this.scheduler.nowMs, who, what, more });
  }

  fail(invariant: string, text: string, about: readonly string[] = []): void {
    if (this.violation !== undefined) return;
    this.violation = { invariant, atMs: this.scheduler.nowMs, text, about };
    this.note('oracle', `VIOLATION of ${invariant}`, { text });
  }

  /** A fault lasts until `untilMs`; the oracle waits a while longer before it judges. */
  disturbed(untilMs: number): void {
    this.#disturbedUntilMs = Math.max(this.#disturbedUntilMs, untilMs + RECOVERED_MS);
  }
  get isDisturbed(): boolean {
    return this.scheduler.nowMs < this.#disturbedUntilMs;
  }

  /** Whether a call that began recently is live: a callback may be dialled at any time. */
  get hasNewCalls(): boolean {
    return [...this.#begunMs.values()].some((atMs) => this.scheduler.nowMs - atMs < NEW_CALL_MS);
  }

  farBehaviour(): FarBehaviour {
    const { random } = this;
    return {
      ringAfterMs: random.chance(0.9) ? random.int(200, 1_500) : undefined,
      early: random.chance(0.3),
      outcome: this.healthy ? 'answers' : random.pick(['answers', 'answers', 'answers', 'busy', 'silent', 'refused', 'not-found']),
      afterMs: random.int(1_600, 12_000),
      // Longer than a leg may last in a site with a short limit.
      talkMs: this.healthy ? 10_000 : random.int(3_000, Math.min(2 * this.profile.longestLegMs, 120_000)),
    };
  }

  liveCalls(): readonly Call[] {
    return [...this.stores.calls.values()].map(({ call }) => call);
  }
  callerOf(callId: string): Caller | undefined {
    return this.callers.get(this.relay.partyOf(callId) ?? '');
  }
  /** Whose call it is, as the world knows it: empty when the number was withheld, undefined when nothing is known of the call. */
  personOf(callId: string): string | undefined {
    const live = this.stores.calls.get(callId);
    const record = this.stores.records.get(callId);
    const [direction, sipCallId, number] =
      live === undefined
        ? [record?.direction, record?.sipCallId, record?.callerNumber]
        : [live.call.direction, live.sipCallId, live.call.callerNumber];
    return direction === 'outbound' ? number : this.callers.get(sipCallId?.slice('sip-'.length) ?? '')?.person;
  }
  parkedCalls(): readonly string[] {
    return this.liveCalls().flatMap(({ id, stage }) => (stage.kind === 'parked' ? [id] : []));
  }
  connectedCalls(): readonly string[] {
    return this.liveCalls().flatMap(({ id, stage }) => (stage.kind === 'connected' ? [id] : []));
  }
}
