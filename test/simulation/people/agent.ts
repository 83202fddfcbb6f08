import type { LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import type { FromPage, FromPagePayload } from '../../../services/shared/contracts/calls/seat-socket.js';
import { currentCall, isMonitoring } from '../../../web-agent/src/phone/phone.js';
import { weighted, type AgentDeed, type Mishap } from '../profiles.js';
import type { World } from '../world.js';
import type { Cases } from '../roles/cases.js';
import { DESTINATIONS } from '../site.js';
import { Page } from './page.js';

const LOOK_MS = 700;
const LISTENS_LONGER = 8;
/** The people whom agents call, in any spelling of their numbers. */
const CALLED = [
  '13800000001',
  '+86 138 0000 0002',
  ...Array.from({ length: 20 }, (_, index) => `138${70_000_000 + 7_919 * index}`),
  ...Array.from({ length: 10 }, (_, index) => `+86138${70_000_000 + 7_919 * index}`),
  '110',
  '+8816123456789',
] as const;

type Target = FromPagePayload<'call:consult'>['target'];

/** Someone at a seat: answers, talks, holds, asks colleagues, hands over, reloads the page. In the healthy phase only serves. */
export class AgentPerson {
  page: Page | undefined;
  #pages = 0;
  #sessions = 0;
  #rangSinceMs: number | undefined;
  #reactionMs = 0;
  #mood: 'answers' | 'declines' | 'ignores' = 'answers';
  #asking = false;
  #away = false;
  /** When a person who closed the page comes back. */
  #backAtMs = 0;
  #signedOut = false;

  constructor(
    private readonly world: World,
    readonly agentId: string,
    private readonly isSupervisor: boolean,
  ) {
    this.openPage(true);
    world.scheduler.after(world.random.int(0, LOOK_MS), () => this.#look());
  }

  openPage(newSession: boolean): void {
    this.#pages += 1;
    if (newSession) this.#sessions += 1;
    this.#signedOut = false;
    this.page = new Page(this.world, this.agentId, `${this.agentId}.s${this.#sessions}`, `${this.agentId}.p${this.#pages}`);
  }

  #look(): void {
    this.world.scheduler.after(LOOK_MS, () => {
      this.#decide();
      this.#look();
    });
  }

  /** One question at a time, as a person does. */
  #ask<N extends FromPage>(name: N, payload: FromPagePayload<N>): void {
    const { page, world } = this;
    if (page === undefined || this.#asking) return;
    this.#asking = true;
    world.note(this.agentId, name, payload);
    void page.seat.ask(name, payload).then((ack) => {
      this.#asking = false;
      if (!ack.ok) world.note(this.agentId, 'was refused', { name, code: ack.code });
    });
    // A page that is closed never hears the answer.
    world.scheduler.after(12_000, () => (this.#asking = false));
  }

  #decide(): void {
    const { world, page } = this;
    const { random, scheduler, profile } = world;
    if (page === undefined || page.closed) {
      if (world.healthy || scheduler.nowMs >= this.#backAtMs) this.openPage(this.#signedOut || random.chance(0.5));
      return;
    }
    const phone = page.seat.getSnapshot();
    if (world.healthy && !page.online) page.setOnline(true);
    if (phone.link === 'superseded') {
      if (random.chance(0.3)) page.seat.takeOver();
      return;
    }
    if (phone.link !== 'up' || phone.agent === null) return;
    if (!world.healthy && profile.shifts > 0 && random.chance(profile.shifts)) {
      this.#shift(page);
      return;
    }
    if (phone.agent.state === 'signed-out') {
      if (world.healthy || random.chance(0.1)) this.mishap('reload');
      return;
    }
    if (phone.offer !== null) {
      this.#rung(page, scheduler.nowMs);
      return;
    }
    this.#rangSinceMs = undefined;
    if (phone.agent.state === 'offered') this.#reserved();
    const call = currentCall(phone);
    if (call !== null) {
      this.#inCall(call);
      return;
    }
    const { undisposedCallId } = phone.agent;
    if (undisposedCallId !== undefined && (world.healthy || random.chance(0.05))) this.#dispose(undisposedCallId);
    this.#idle(phone.agent.state, phone.agent.reason, profile.deeds);
  }

  /** A shift ends, a wrap-up is made longer, or a supervisor decides over the state of a colleague. */
  #shift(page: Page): void {
    const { world, agentId } = this;
    const { random, site } = world;
    const commands = world.gateway.process === undefined ? undefined : world.commands.of(world.gateway.process);
    if (this.isSupervisor) {
      const colleague = world.agents.get(random.pick(site.agents));
      const state = random.pick(['away', 'ready', 'break', 'signed-out'] as const);
      world.note(agentId, 'decides over a state', { agentId: colleague?.agentId, state });
      if (colleague === undefined) return;
      void commands
        ?.send('agent.force-state', { agentId: colleague.agentId, state, by: agentId, reason: 'staffing' })
        .catch(() => undefined);
    } else if (random.chance(0.7)) this.#ask('agent:extend-wrap-up', { byMs: 20_000 });
    else {
      world.note(agentId, 'signs out', {});
      page.close(true);
      this.#signedOut = true;
      this.#backAtMs = world.scheduler.nowMs + random.pick([2_000, 20_000, 90_000]);
      // As services/main/api.ts does when a session ends.
      void commands?.send('agent.sign-out', { agentId, sessionId: page.sessionId }).catch(() => undefined);
      void commands?.send('seat.end', { agentId, sessionId: page.sessionId, reason: 'signed-out' }).catch(() => undefined);
    }
  }

  /** A campaign's row is in front of the agent: called at once or later, twice now and then, skipped, or left alone. */
  #reserved(): void {
    const { world, agentId } = this;
    const { random, healthy } = world;
    const row = [...world.campaigns.rows.values()].find((each) => each.agentId === agentId && each.state === 'presented');
    if (row === undefined || !(healthy || random.chance(0.3))) return;
    const call = (): void => this.#paperwork('calls for a campaign', row.callId ?? '', ({ rowSteps }) => rowSteps.call(row.id, agentId));
    const unit = random.unit();
    if (healthy || unit < 0.7) call();
    if (!healthy && unit < 0.15) call();
    else if (unit > 0.85) this.#paperwork('skips a row', row.callId ?? '', ({ rowSteps }) => rowSteps.skip(row.id, agentId, 'later'));
    else if (unit > 0.8) this.#paperwork('stops a countdown', row.callId ?? '', ({ rowSteps }) => rowSteps.hold(row.id, agentId));
  }

  #rung(page: Page, nowMs: number): void {
    const { random, healthy } = this.world;
    if (this.#rangSinceMs === undefined) {
      this.#rangSinceMs = nowMs;
      this.#reactionMs = random.int(500, 4_000);
      const unit = random.unit();
      this.#readBriefing(page.seat.getSnapshot().offer?.callId ?? '');
      this.#mood = healthy || unit < 0.85 ? 'answers' : unit < 0.92 ? 'declines' : 'ignores';
    }
    if (nowMs - this.#rangSinceMs < this.#reactionMs || this.#asking) return;
    const offer = page.seat.getSnapshot().offer;
    if (offer === null) return;
    if (this.#mood === 'answers') {
      this.world.note(this.agentId, 'answers', { callId: offer.callId });
      void page.seat.answer();
      this.#reactionMs += 2_000;
    } else if (this.#mood === 'declines') this.#ask('call:decline', { callId: offer.callId });
  }

  #inCall(call: LiveCall): void {
    const { world } = this;
    const { random } = world;
    const { callId } = call;
    const role = call.part;
    if (isMonitoring(call)) {
      // A team's leader listens long enough for people to move meanwhile.
      const unit = random.unit() * (world.profile.teams ? LISTENS_LONGER : 1);
      if (world.healthy || unit < 0.1) this.#ask('call:monitor', { callId, mode: 'stop' });
      else if (unit < 0.2) this.#ask('call:monitor', { callId, mode: random.pick(['listen', 'whisper', 'barge', 'take-over']) });
      return;
    }
    if (call.state === 'consulting' && role === 'in-charge') {
      if (world.healthy || random.chance(0.3))
        this.#ask('call:consult-end', {
          callId,
          how: random.pick(world.profile.conferences === 'none' ? ['complete', 'cancel'] : ['complete', 'join', 'cancel']),
        });
      return;
    }
    if (call.state === 'consult-ringing' && role === 'in-charge') {
      if (random.chance(world.healthy ? 0.3 : 0.08)) this.#ask('call:consult-end', { callId, how: 'cancel' });
      else if (random.chance(0.03)) this.#ask('call:hang-up', { callId });
      return;
    }
    if (call.held) {
      if (world.healthy || random.chance(0.3)) this.#ask('call:resume', { callId });
      return;
    }
    if (this.#isOver(callId)) {
      if (random.chance(0.5)) this.#ask('call:hang-up', { callId });
      return;
    }
    if (role !== 'in-charge') {
      if (random.chance(world.healthy ? 0.2 : 0.06)) this.#ask('call:hang-up', { callId });
      return;
    }
    if (world.healthy) return;
    const isTalking = world.stores.liveCall(callId)?.stage.kind === 'connected';
    if (isTalking && world.campaigns.rowOf(callId) !== undefined && random.chance(0.05)) this.#promise(callId);
    if (random.chance(0.12)) this.#deed(callId, call);
  }

  /** The caller said goodbye, or nobody can be heard any more. */
  #isOver(callId: string): boolean {
    const { world } = this;
    const caller = world.callerOf(callId);
    if (caller !== undefined) return caller.wantsToEnd;
    // A call out, or a caller of another kind: it ends by chance.
    return world.random.chance(world.healthy ? 0.3 : 0.02);
  }

  #deed(callId: string, call: LiveCall): void {
    const { world, agentId } = this;
    const { random, profile, site } = world;
    const colleague = random.pick([...site.agents, ...site.supervisors]);
    const queueId = random.pick(site.queues).id;
    const number = random.chance(0.8) ? random.pick(DESTINATIONS) : `139${random.int(10_000_000, 99_999_999)}`;
    // Even a person without the right gives a reason.
    const free = random.chance(0.5) ? { freeReason: 'the caller asks for somebody' } : {};
    const consult = (target: Target) => (): void => this.#ask('call:consult', { callId, target, ...(target.to === 'number' ? free : {}) });
    const transfer = (target: Target) => (): void =>
      this.#ask('call:transfer', { callId, target, ...(target.to === 'number' ? free : {}) });
    const acts: Partial<Record<AgentDeed, () => void>> = {
      hold: () => this.#ask('call:hold', { callId }),
      'consult-seat': consult({ to: 'seat', agentId: colleague }),
      'consult-queue': consult({ to: 'queue', queueId }),
      'consult-number': consult({ to: 'number', number }),
      'transfer-seat': transfer({ to: 'seat', agentId: colleague }),
      'transfer-queue': transfer({ to: 'queue', queueId }),
      'transfer-number': transfer({ to: 'number', number }),
      park: () => this.#ask('call:park', { callId }),
      pause: () => this.#pauseOrResume(call, 'agent'),
      'field-pause': () => this.#pauseOrResume(call, 'field'),
      note: () => this.#note(callId),
      complaint: () => this.#complain(callId),
      keys: () => this.#ask('call:keys', { callId, keys: '12' }),
      break: () =>
        this.#ask('agent:set-state', {
          state: random.pick(['away', 'ready', 'break']),
          ...(random.chance(0.5) ? {} : { reason: 'lunch' }),
        }),
    };
    const party = call.parties.find(({ id }) => id !== 'caller' && id !== `agent:${agentId}`);
    const isConference = call.parties.length > 2;
    if (isConference && party !== undefined && random.chance(0.2)) this.#ask('call:drop-party', { callId, partyId: party.id });
    else if (!isConference || profile.conferences === 'all') acts[weighted<AgentDeed>(random, profile.deeds) ?? 'hold']?.();
  }

  #pauseOrResume({ callId, recording }: LiveCall, by: 'agent' | 'field'): void {
    if (recording === 'on') this.#ask('call:pause-recording', { callId, reason: 'card', by });
    // Whoever leaves a field open forgets it.
    else if (by === 'agent') this.#ask('call:resume-recording', { callId, by });
  }

  /** The page of the paperwork asks the cases role; the invariant of persons checks the answer. */
  #paperwork(what: string, callId: string, act: (cases: Cases) => Promise<unknown>): void {
    const { world } = this;
    const cases = world.cases.cases;
    if (cases === undefined) return;
    world.note(this.agentId, what, { callId });
    act(cases).catch((error: unknown) => {
      world.note(this.agentId, 'was refused', { what, error: String(error) });
      if (error instanceof TypeError) world.fail('crash', `${what}: ${error.stack ?? error.message}`);
    });
  }

  #readBriefing(callId: string): void {
    this.#paperwork('reads the briefing', callId, async ({ workspace }) => {
      const { earlier, openComplaints } = await workspace.briefing(this.world.staff.principalOf(this.agentId), callId);
      for (const told of this.world.onBriefing) told(callId, earlier, openComplaints);
    });
  }

  #note(callId: string): void {
    this.#paperwork('writes a note', callId, ({ workspace }) =>
      workspace.write(this.world.staff.principalOf(this.agentId), callId, { notes: `by ${this.agentId}` }),
    );
  }

  #complain(callId: string): void {
    this.#paperwork('opens a complaint', callId, ({ opening }) =>
      opening.open(this.agentId, { source: 'phone', kind: 'attitude', text: 'was rude', callId }, ''),
    );
  }

  /** As the card of a campaign's call does: promises another call by the same agent, at an agreed time. */
  #promise(callId: string): void {
    const { random, scheduler } = this.world;
    const notBefore = new Date(scheduler.nowMs + random.int(20_000, 90_000));
    const wantedUntil = new Date(notBefore.getTime() + 60_000);
    this.#paperwork('promises another call', callId, async ({ rows }) => {
      const row = await rows.ofCall(callId);
      if (row !== undefined) await rows.again(row.id, this.agentId, { notBefore, wantedUntil });
    });
  }

  #dispose(callId: string): void {
    this.#paperwork('gives the result', callId, ({ workspace }) =>
      workspace.complete(this.world.staff.principalOf(this.agentId), callId, { notes: '', disposition: ['done'], fields: {} }),
    );
  }

  #idle(state: string, reason: string | undefined, deeds: Readonly<Record<AgentDeed, number>>): void {
    const { world } = this;
    const { random } = world;
    if (this.isSupervisor) {
      this.#supervise(state);
      return;
    }
    if (state === 'away' || state === 'break') {
      if (reason === 'seat-lost' && !random.chance(0.05)) return;
      if (world.healthy || !this.#away || random.chance(0.1)) {
        this.#away = false;
        this.#ask('agent:set-state', { state: 'ready' });
      }
      return;
    }
    if (world.healthy) return;
    if (state === 'wrap-up' && random.chance(0.05)) {
      this.#ask('agent:set-state', { state: 'ready' });
      return;
    }
    if (state !== 'ready' || !random.chance(0.03)) return;
    const deed = weighted<AgentDeed>(random, deeds);
    if (deed === 'break') {
      this.#away = true;
      this.#ask('agent:set-state', { state: 'break', reason: 'lunch' });
    } else if (deed === 'dial') this.#ask('call:dial', { number: random.pick(CALLED), purpose: 'enquiry' });
    else if (deed === 'fetch') {
      const parked = world.parkedCalls()[0];
      if (parked !== undefined) this.#ask('call:fetch', { callId: parked });
    } else if (deed === 'echo') {
      this.#ask('seat:echo', { on: true });
      world.scheduler.after(3_000, () => this.page !== undefined && void this.page.seat.ask('seat:echo', { on: false }));
    }
  }

  #supervise(state: string): void {
    const { world } = this;
    const { random } = world;
    if (world.healthy || !random.chance(0.08)) return;
    if (state === 'ready' && random.chance(0.5)) {
      this.#ask('agent:set-state', { state: 'away' });
      return;
    }
    const calls = world.connectedCalls();
    const callId = world.profile.teams && calls.length > 0 ? random.pick(calls) : calls[0];
    if (callId !== undefined)
      this.#ask('call:monitor', { callId, mode: random.pick(['listen', 'whisper', 'barge', 'take-over']), reason: 'sampling' });
  }

  /** What happens to the seat against its person's will. */
  mishap(kind: Mishap): void {
    const { page, world } = this;
    if (page === undefined || page.closed) return;
    world.note(this.agentId, `mishap: ${kind}`, {});
    switch (kind) {
      case 'reload':
        page.close(true);
        this.openPage(false);
        return;
      case 'close':
        page.close(world.random.chance(0.5));
        this.#backAtMs = world.scheduler.nowMs + world.random.pick([1_000, 10_000, 120_000]);
        return;
      case 'second-computer':
        // The first page goes on and is told that it has lost the seat.
        this.openPage(true);
        return;
      case 'line-lost':
        page.loseLine();
        return;
      case 'offline':
        page.setOnline(false);
        page.loseLine();
        world.scheduler.after(world.random.int(1_000, 40_000), () => page.setOnline(true));
    }
  }
}
