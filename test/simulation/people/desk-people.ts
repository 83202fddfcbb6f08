import type { AgentSnapshot } from '../../../services/shared/contracts/calls/commands.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Chat } from '../../../services/supervision/chat-service.js';
import { TEAMS, WALL_MAKER } from '../models/staff.js';
import type { Desk } from '../roles/desk.js';
import type { World } from '../world.js';
import { NotePeople } from './note-people.js';
import { OwnPages } from './own-pages.js';
import { ThresholdPeople } from './threshold-people.js';

/** What somebody was shown, and when they had asked for it. */
export type Shown =
  | { readonly of: 'chat'; readonly as: 'agent' | 'supervisor'; readonly chat: Chat; readonly readUntil: Date | undefined }
  | { readonly of: 'help'; readonly open: readonly { readonly agent: { readonly userId: string } }[] }
  | { readonly of: 'agents'; readonly agents: readonly AgentSnapshot[] };
export type OnShown = (userId: string, shown: Shown, askedMs: number) => void;

const deeds = ['move', 'agent-writes', 'agent-writes', 'agent-reads', 'agent-reads'] as const;
/** Chance that a supervisor who thinks of it ends a call. */
const ENDS = 0.15;
const supervisorDeeds = ['writes', 'writes', 'to-queue', 'to-team', 'reads', 'reads', 'helps', 'lists', 'forces', 'helps', 'ends'] as const;

/** Supervisors and agents at their pages, beside the calls: they write to each other, answer requests for help, decide over states. */
export class DeskPeople {
  readonly onShown: OnShown[] = [];
  /** Messages that were acknowledged, by id. */
  readonly sent = new Map<string, { readonly from: string; readonly text: string }>();
  readonly notes: NotePeople;
  readonly own: OwnPages;
  readonly thresholds: ThresholdPeople;
  #texts = 0;

  constructor(private readonly world: World) {
    this.notes = new NotePeople(world);
    this.own = new OwnPages(world);
    this.thresholds = new ThresholdPeople(world);
  }

  happens(): void {
    const { world } = this;
    const { random, site } = world;
    const desk = world.gateway.gateway?.desk;
    if (desk === undefined) return;
    if (random.chance(0.3)) {
      this.notes.happens(desk);
      return;
    }
    if (random.chance(0.15)) {
      this.own.happens(desk);
      return;
    }
    const leader = site.supervisors.length > 0 && random.chance(0.6) ? random.pick(site.supervisors) : undefined;
    if (leader !== undefined) this.#supervisor(desk, leader);
    else if (random.chance(0.2)) this.#wall();
    else this.#agent(desk, random.pick(site.agents));
  }

  #done(who: string, what: string, work: Promise<unknown>): void {
    this.world.note(who, what, {});
    work.catch((error: unknown) => {
      this.world.note(who, 'was refused', { what, error: String(error) });
      if (!(error instanceof CallCentreError)) this.world.fail('crash', `${what}: ${error instanceof Error ? (error.stack ?? '') : ''}`);
    });
  }

  #show(userId: string, shown: Shown, askedMs: number): void {
    for (const tell of this.onShown) tell(userId, shown, askedMs);
  }

  #agent(desk: Desk, agentId: string): void {
    const { world } = this;
    const { random } = world;
    const deed = random.pick(deeds);
    if (deed === 'move') {
      const teamId = random.pick([...TEAMS, null]);
      const listened = this.#listenedTo();
      const who = listened !== undefined && random.chance(0.5) ? listened : agentId;
      const service = world.gateway.gateway?.teams;
      const boss = world.staff.principalOf(WALL_MAKER);
      if (service !== undefined) this.#done(who, `is moved to ${teamId ?? 'no team'}`, service.move(boss, who, teamId, ''));
    } else if (deed === 'agent-writes') {
      const text = this.#text();
      const principal = world.staff.principalOf(agentId);
      this.#done(
        agentId,
        'writes to the supervisors',
        this.#sent(agentId, text, desk.ask(principal, 'POST /chat/mine', { body: { text } })),
      );
    } else this.#done(agentId, 'reads the messages', this.#reads(desk, agentId, 'agent'));
  }

  /** An agent to whose call a supervisor listens. */
  #listenedTo(): string | undefined {
    const { site } = this.world;
    const listened = this.world
      .liveCalls()
      .flatMap(({ stage }) => (stage.kind === 'connected' && stage.parties.some(({ role }) => role !== 'talk') ? [stage.agentId] : []));
    return listened.find((agentId) => site.agents.includes(agentId));
  }

  #text(): string {
    return `message ${(this.#texts += 1)}`;
  }
  async #sent(from: string, text: string, asked: Promise<{ readonly id: string }>): Promise<void> {
    this.sent.set((await asked).id, { from, text });
  }

  async #reads(desk: Desk, userId: string, as: 'agent' | 'supervisor'): Promise<void> {
    const { world } = this;
    const askedMs = world.scheduler.nowMs;
    const principal = world.staff.principalOf(userId);
    const readUntil = world.chats.readUntil(userId, as);
    const chat = await desk.ask<Chat>(principal, as === 'agent' ? 'GET /chat/mine' : 'GET /chat');
    this.#show(userId, { of: 'chat', as, chat, readUntil }, askedMs);
    const last = world.random.chance(0.7) ? chat.messages.at(-1) : chat.messages[0];
    if (last !== undefined)
      await desk.ask(principal, as === 'agent' ? 'POST /chat/mine/read' : 'POST /chat/read', { body: { messageId: last.id } });
  }

  #supervisor(desk: Desk, userId: string): void {
    const { world } = this;
    const { random, site } = world;
    const principal = world.staff.principalOf(userId);
    const askedMs = world.scheduler.nowMs;
    const agentId = random.pick(site.agents);
    const deed = random.pick(supervisorDeeds);
    const text = this.#text();
    const write = (place: object): Promise<void> => this.#sent(userId, text, desk.ask(principal, 'POST /chat', { body: { place, text } }));
    if (deed === 'writes') this.#done(userId, `writes to ${agentId}`, write({ kind: 'agent', id: agentId }));
    else if (deed === 'to-queue') this.#done(userId, 'writes to a queue', write({ kind: 'queue', id: random.pick(site.queues).id }));
    else if (deed === 'to-team') this.#done(userId, 'writes to a team', write({ kind: 'team', id: random.pick(TEAMS) }));
    else if (deed === 'reads') this.#done(userId, 'reads the messages', this.#reads(desk, userId, 'supervisor'));
    else if (deed === 'ends') this.#ends(desk, userId);
    else if (deed === 'lists')
      this.#done(
        userId,
        'looks at the agents',
        desk
          .ask<{ readonly agents: readonly AgentSnapshot[] }>(principal, 'GET /agents/board')
          .then(({ agents }) => this.#show(userId, { of: 'agents', agents }, askedMs)),
      );
    else if (deed === 'forces') {
      const body = { state: random.pick(['away', 'ready'] as const), reason: 'staffing' };
      this.#done(userId, `decides over ${agentId}`, desk.ask(principal, 'POST /agents/:agentId/state', { params: { agentId }, body }));
    } else this.#done(userId, 'looks who asks for help', this.#helps(desk, userId));
  }

  /** Whether the supervisor may is for the product to say; few calls end in this way. */
  #ends(desk: Desk, userId: string): void {
    const { world } = this;
    const live = world.liveCalls();
    if (live.length === 0 || world.healthy || !world.random.chance(ENDS)) return;
    const { id: callId } = world.random.pick(live);
    const asked = desk.ask(world.staff.principalOf(userId), 'POST /calls/:callId/end', { params: { callId }, body: { reason: 'threats' } });
    this.#done(userId, `ends ${callId}`, asked);
  }

  async #helps(desk: Desk, userId: string): Promise<void> {
    const { world } = this;
    const askedMs = world.scheduler.nowMs;
    const principal = world.staff.principalOf(userId);
    const { open } = await desk.ask<Extract<Shown, { of: 'help' }>>(principal, 'GET /help');
    this.#show(userId, { of: 'help', open }, askedMs);
    // A request that is not shown is known by its id to whoever reads an event.
    const any = world.helps.open;
    if (any.length > 0) await desk.ask(principal, 'POST /help/:helpId/taken', { params: { helpId: world.random.pick(any).id } });
  }

  /** The maker of the wall sees more or less, or nothing any more; the address is withdrawn and made again. */
  #wall(): void {
    const { wall, staff, random, site } = this.world;
    const whole = { queues: [], sites: [], clientUnits: [] };
    const change = random.pick(['whole', 'queue', 'team', 'closed', 'withdrawn'] as const);
    wall.changedMs = this.world.scheduler.nowMs;
    this.world.note(WALL_MAKER, `the wall: ${change}`, {});
    if (change === 'withdrawn') {
      if (wall.isOpen) wall.withdraw();
      else wall.open();
      return;
    }
    const scope =
      change === 'queue' ? { ...whole, queues: [random.pick(site.queues).id] } : change === 'team' ? { ...whole, teams: ['t1'] } : whole;
    staff.change(WALL_MAKER, { scope, disabled: change === 'closed' });
  }
}
