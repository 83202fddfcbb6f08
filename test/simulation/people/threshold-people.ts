import type { Threshold } from '../../../services/shared/contracts/queues/threshold.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import { TEAMS, WHOLE_SITE } from '../models/staff.js';
import type { Desk, DeskRequest } from '../roles/desk.js';
import type { World } from '../world.js';

/** Whoever has no answer for this long asks again. */
const ANSWER_WITHIN_MS = 3_000;
const AGAIN_MS = 500;
const TRIES = 8;
const MOST = 6;
/** Chance that a process dies between two steps of a change. */
const KILLS = { sent: 0.01, kept: 0.04, answered: 0.02 } as const;
/** The web origin dies that often once a removal is kept and before anybody is told of it. */
const KILLED_UNTOLD = 0.1;
/** Time until the process is up and has reread whatever it was not told. */
const RESTART_MS = 14_000;
/** Chance that something is changed at the moment a threshold raises an alarm. */
const AT_WORST = 0.15;

export interface ShownAlarm {
  readonly id: string;
}
export interface ChangedThreshold {
  readonly userId: string;
  readonly thresholdId: string;
  readonly scopes: readonly Threshold['scope'][];
}
type Draft = Omit<Threshold, 'id' | 'revision' | 'changedBy'>;
const deeds = ['sets', 'sets', 'changes', 'rests', 'removes', 'alarms', 'alarms', 'lists'] as const;
const ofPeople = ['answered', 'sl.answered', 'asa'] as const;
const ofVisits = [
  'waiting',
  'waiting',
  'waiting',
  'entered',
  'answered',
  'abandoned',
  'abandonRate',
  'answerRate',
  'sl.strict',
  'asa',
] as const;

/**
 * Supervisors who set, change and remove thresholds while calls go on, and read the alarms; also at the moment when one is raised, or a
 * process dies.
 */
export class ThresholdPeople {
  readonly onAlarms: ((userId: string, shown: readonly ShownAlarm[], askedMs: number) => void)[] = [];
  readonly onListed: ((userId: string, shown: readonly Threshold[]) => void)[] = [];
  readonly onChanged: ((change: ChangedThreshold) => void)[] = [];
  #made = 0;

  constructor(private readonly world: World) {
    world.thresholds.onChanged.push((thresholdId) => {
      if (!world.thresholds.rows.has(thresholdId) && world.random.chance(KILLED_UNTOLD)) this.#dies('untold', 0);
      else this.#dies('kept', world.random.int(0, 6));
    });
    world.bus.witnesses.push((name, { code, subject }) => {
      if (name !== 'notice.raised' || !world.thresholds.rows.has(String(subject)) || world.healthy || !world.random.chance(AT_WORST))
        return;
      world.note('supervisor', 'is there when it is raised', { code, subject });
      world.scheduler.after(world.random.int(0, 600), () => this.#changes(WHOLE_SITE, String(subject)));
    });
  }

  happens(): void {
    const { random, site, thresholds } = this.world;
    const userId = random.pick([...site.supervisors, WHOLE_SITE]);
    const deed = thresholds.rows.size === 0 ? 'sets' : random.pick(deeds);
    if (deed === 'alarms') void this.#alarms(userId);
    else if (deed === 'lists') void this.#lists(userId);
    else if (deed === 'sets') this.#sets(userId);
    else this.#changes(userId, random.pick([...thresholds.rows.keys()]), deed);
  }

  #sets(userId: string): void {
    if (this.world.thresholds.rows.size >= MOST) return;
    this.#made += 1;
    this.#put(userId, `threshold-${this.#made}`, this.#draft(userId));
  }

  #changes(userId: string, thresholdId: string, deed = this.world.random.pick(['changes', 'rests', 'removes'] as const)): void {
    const known = this.world.thresholds.rows.get(thresholdId);
    if (known === undefined) return;
    const { id: _id, revision = 0, changedBy: _by, ...draft } = known;
    if (deed === 'removes') this.#send(userId, known, 'DELETE /thresholds/:thresholdId', {}, [known.scope]);
    else if (deed === 'rests') this.#put(userId, thresholdId, { ...draft, active: !draft.active }, { revision });
    else
      this.#put(
        userId,
        thresholdId,
        { ...this.#draft(userId), ...(this.world.random.chance(0.7) ? { scope: draft.scope, figure: draft.figure } : {}) },
        { revision },
      );
  }

  #put(userId: string, id: string, draft: Draft, more: object = {}): void {
    const before = this.world.thresholds.rows.get(id);
    this.#send(userId, { id }, 'PUT /thresholds/:thresholdId', { ...draft, ...more }, [
      ...(before === undefined ? [] : [before.scope]),
      draft.scope,
    ]);
  }

  #scope(userId: string): Threshold['scope'] {
    const { random, site, staff, stores } = this.world;
    const own = staff.ledBy(userId);
    const of =
      own !== undefined && random.chance(0.7) ? 'team' : random.pick(['site', 'queue', 'queue', 'team', 'agent', 'number'] as const);
    if (of === 'site') return { of, id: '' };
    if (of === 'queue') return { of, id: random.pick(site.queues).id };
    if (of === 'agent') return { of, id: random.pick(site.agents) };
    if (of === 'number') return { of, id: random.pick([...stores.numbers.keys()]) };
    return { of, id: random.pick(own !== undefined && random.chance(0.8) ? own : TEAMS) };
  }

  #draft(userId: string): Draft {
    const { random } = this.world;
    const scope = this.#scope(userId);
    const figure = scope.of === 'team' || scope.of === 'agent' ? random.pick(ofPeople) : random.pick(ofVisits);
    const isCount = ['waiting', 'entered', 'answered', 'abandoned'].includes(figure);
    const step = isCount ? random.int(1, 3) : random.int(5, 20);
    const worse = random.pick(['above', 'below'] as const);
    const side = worse === 'above' ? 1 : -1;
    const warnAt = figure === 'waiting' ? random.int(0, 2) : isCount ? random.int(2, 15) : random.int(20, 80);
    const at = (steps: number): number => Math.max(0, warnAt + side * steps * step);
    const [warn, alarm] = random.pick([[warnAt], [undefined, at(1)], [warnAt, at(1)]] as const);
    return {
      ...{ scope, figure, worse, people: [], active: true },
      window: random.pick(['today', 'lately'] as const),
      ...(warn === undefined ? {} : { warn }),
      ...(alarm === undefined || alarm === warn ? {} : { alarm }),
      clear: random.chance(0.5) ? at(warn === undefined ? 1 : 0) : at(-1),
      minimumSample: random.pick([0, 0, 3, 10]),
      holdOffSeconds: random.pick([2, 5, 10, 20]),
    };
  }

  /** Between two steps of a change a process dies: the one that was asked, the one that judges, or the one that takes alarms in. */
  #dies(step: keyof typeof KILLS | 'untold', afterMs: number): void {
    const { world } = this;
    const { random, scheduler } = world;
    if (world.healthy || world.profile.faults.api === 0 || (step !== 'untold' && !random.chance(KILLS[step]))) return;
    world.disturbed(scheduler.nowMs + RESTART_MS);
    const role = step === 'untold' ? world.gateway : random.pick([world.gateway, world.gateway, world.routing, world.cases]);
    scheduler.after(afterMs, () => role.kill());
  }

  #send(
    userId: string,
    { id }: Pick<Threshold, 'id'>,
    route: Parameters<Desk['ask']>[1],
    body: object,
    scopes: readonly Threshold['scope'][],
  ): void {
    const { world } = this;
    world.note(userId, route.startsWith('PUT') ? 'sets a threshold' : 'removes a threshold', { thresholdId: id, ...body });
    const request: DeskRequest = { params: { thresholdId: id }, body };
    this.#ask(userId, route, request, TRIES, () => {
      for (const tell of this.onChanged) tell({ userId, thresholdId: id, scopes });
      this.#dies('answered', world.random.int(0, 20));
    });
    this.#dies('sent', world.random.int(0, 25));
  }

  /** Whoever is not answered asks again. */
  #ask(userId: string, route: Parameters<Desk['ask']>[1], request: DeskRequest, tries: number, done: () => void): void {
    const { world } = this;
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      if (tries > 1) world.scheduler.after(AGAIN_MS, () => this.#ask(userId, route, request, tries - 1, done));
    };
    const desk = world.gateway.gateway?.desk;
    if (desk === undefined) {
      again();
      return;
    }
    desk.ask(world.staff.principalOf(userId), route, request).then(
      () => {
        if (!isOver) done();
        isOver = true;
      },
      (error: unknown) => {
        const code = this.#codeOf(error);
        world.note(userId, 'was refused', { route, code });
        if (code === 'service-unavailable' || code === 'timed-out') again();
        isOver = true;
      },
    );
    world.scheduler.after(ANSWER_WITHIN_MS, again);
  }

  #codeOf(error: unknown): string {
    if (error instanceof CallCentreError) return error.code;
    this.world.fail('crash', `a threshold: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    return 'internal';
  }

  async #read<T>(userId: string, route: Parameters<Desk['ask']>[1], query: object): Promise<T | undefined> {
    const { gateway, staff } = this.world;
    const asked = gateway.gateway?.desk.ask<T>(staff.principalOf(userId), route, { query });
    return asked?.catch((error: unknown) => {
      this.#codeOf(error);
      return undefined;
    });
  }

  async #lists(userId: string): Promise<void> {
    const found = await this.#read<{ readonly thresholds: readonly Threshold[] }>(userId, 'GET /thresholds', {});
    if (found !== undefined) for (const tell of this.onListed) tell(userId, found.thresholds);
  }

  async #alarms(userId: string): Promise<void> {
    const { random, scheduler, gateway, staff } = this.world;
    const askedMs = scheduler.nowMs;
    const found = await this.#read<{ readonly alarms: readonly ShownAlarm[] }>(userId, 'GET /alarms', {
      state: 'current',
      skip: 0,
      limit: 200,
    });
    if (found === undefined) return;
    for (const tell of this.onAlarms) tell(userId, found.alarms, askedMs);
    const first = found.alarms.at(0);
    if (first === undefined || !random.chance(0.3)) return;
    this.world.note(userId, 'has seen an alarm', { alarmId: first.id });
    gateway.gateway?.desk
      .ask(staff.principalOf(userId), 'POST /alarms/:id/seen', { params: { id: first.id } })
      .catch((error: unknown) => this.#codeOf(error));
  }
}
