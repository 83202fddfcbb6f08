import type { Account } from '../../../services/identity/account.js';
import type { RoutingRoleDependencies } from '../../../services/routing/routing-role.js';
import { createTeamService, type TeamService } from '../../../services/identity/teams/team-service.js';
import type { Principal, Scope } from '../../../services/shared/domain/people/rights.js';
import { spellsOf, teamNow, type Team, type TeamSpell } from '../../../services/shared/domain/people/team.js';
import { createPlaceReach, type PlaceReach } from '../../../services/shared/platform/reach/place-reach.js';
import { createReach, type MembersOf, type ReachOf } from '../../../services/shared/platform/reach/reach.js';
import type { Process } from '../scheduler.js';
import { SIM_ZONE_OFFSET_MS } from '../site.js';
import type { World } from '../world.js';

const DAY_MS = 86_400_000;
export const TEAMS = ['t1', 't2'] as const;
/** The maker of the wall, who at times sees the whole site, a part of it or nothing. */
export const WALL_MAKER = 's9';
/** Somebody who looks at the boards of the whole site. */
export const WHOLE_SITE = 's0';
const WHOLE: Scope = { queues: [], sites: [], clientUnits: [] };

type StoredPerson = Pick<Account, 'id' | 'scope' | 'memberships' | 'disabled'>;

/** Every second agent has the right to dial numbers that are on no register. */
export const mayDialFreely = (userId: string): boolean => /[02468]$/.test(userId);

/** Rights of an agent or, at a supervisor's seat, of both. */
export const principalWith = (userId: string, scope: Scope, sessionId = ''): Principal => ({
  ...{ userId, name: userId, sessionId, scope },
  roles: userId.startsWith('s') ? ['agent', 'supervisor'] : ['agent'],
  ...(mayDialFreely(userId) ? { grants: ['outbound.free-dial'] } : {}),
});

/** Accounts as far as teams and scopes need them: who leads which team, and who was in which team when. */
export class Staff {
  readonly people = new Map<string, StoredPerson>();
  readonly teams = new Map<string, Team>(TEAMS.map((id) => [id, { id, name: { 'zh-CN': id } }]));
  /** The teams of each person and since when, newest last. */
  readonly #moves = new Map<string, { readonly teamId: string | undefined; readonly atMs: number }[]>();
  #known: readonly TeamSpell[] = [];

  constructor(private readonly world: World) {
    const { profile, site } = world;
    if (!profile.teams) return;
    const random = world.random.fork();
    // Since the day before: what happened then stays when somebody moves.
    const fromAt = new Date(this.#midnight().getTime() - DAY_MS);
    for (const id of site.agents) {
      const teamId = random.pick([...TEAMS, null]);
      this.people.set(id, { id, scope: WHOLE, disabled: false, memberships: teamId === null ? [] : [{ teamId, fromAt }] });
      this.#moves.set(id, [{ teamId: teamId ?? undefined, atMs: 0 }]);
    }
    // Each of the first two leads a team, the third one sees the whole site.
    for (const [index, id] of [...site.supervisors, WALL_MAKER].entries()) {
      const teamId = id === WALL_MAKER ? undefined : TEAMS[index];
      this.people.set(id, { id, scope: teamId === undefined ? WHOLE : { ...WHOLE, teams: [teamId] }, disabled: false });
    }
  }

  #midnight(): Date {
    const localMs = this.world.scheduler.nowMs + SIM_ZONE_OFFSET_MS;
    return new Date(localMs - (localMs % DAY_MS) - SIM_ZONE_OFFSET_MS);
  }

  scopeOf(userId: string): Scope {
    return this.people.get(userId)?.scope ?? WHOLE;
  }
  principalOf(userId: string, sessionId = ''): Principal {
    return principalWith(userId, this.scopeOf(userId), sessionId);
  }
  /** The teams that a person leads; undefined for whoever sees the whole site. */
  ledBy(userId: string): readonly string[] | undefined {
    const { teams = [] } = this.scopeOf(userId);
    return teams.length === 0 ? undefined : teams;
  }

  /** Whether a person was in one of the teams at any moment of the last `withinMs`. */
  wasIn(agentId: string, teamIds: readonly string[], withinMs: number): boolean {
    const { nowMs } = this.world.scheduler;
    const moves = this.#moves.get(agentId) ?? [];
    return moves.some(
      ({ teamId }, place) => teamId !== undefined && teamIds.includes(teamId) && (moves[place + 1]?.atMs ?? nowMs) >= nowMs - withinMs,
    );
  }
  /** Whether a person has been in one of the teams for all of the last `withinMs`. */
  isLongIn(agentId: string, teamIds: readonly string[], withinMs: number): boolean {
    const last = this.#moves.get(agentId)?.at(-1);
    return last?.teamId !== undefined && teamIds.includes(last.teamId) && this.world.scheduler.nowMs - last.atMs >= withinMs;
  }

  change(id: string, change: Partial<StoredPerson>): void {
    const known = this.people.get(id);
    if (known === undefined) return;
    this.people.set(id, { ...known, ...change });
    const teamId = teamNow(change.memberships);
    const moves = this.#moves.get(id) ?? [];
    if (change.memberships !== undefined && moves.at(-1)?.teamId !== teamId) moves.push({ teamId, atMs: this.world.scheduler.nowMs });
  }

  /** As in services/identity/adapters/mongo-teams.ts: while the store is away, what was read last applies. */
  membersOf(process: Process): MembersOf {
    return async (teamIds) => {
      const read = this.world.stores.document(process, () =>
        [...this.people.values()].flatMap(({ id, memberships }) => spellsOf(id, memberships)),
      );
      this.#known = await read.catch(() => this.#known);
      return teamIds === undefined ? this.#known : this.#known.filter(({ teamId }) => teamIds.includes(teamId));
    };
  }

  /** Teams as routing reads them. */
  readBy(process: Process): RoutingRoleDependencies['teams'] {
    const membersOf = this.membersOf(process);
    return { all: () => this.world.stores.document(process, () => [...this.teams.values()]), spells: async () => membersOf() };
  }

  reach(process: Process): { readonly places: PlaceReach; readonly reachOf: ReachOf } {
    const membersOf = this.membersOf(process);
    const { numbers, queues } = this.world.stores;
    const numbersOf = async () => [...numbers.values()];
    return {
      places: createPlaceReach({ numbersOf, queuesOf: async () => [...queues.values()], membersOf }),
      reachOf: createReach(numbersOf, membersOf),
    };
  }

  service(process: Process): TeamService {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    let turn: Promise<unknown> = Promise.resolve();
    return createTeamService({
      teams: {
        all: () => store(() => [...this.teams.values()]),
        byId: (id) => store(() => this.teams.get(id)),
        put: (team) => store(() => void this.teams.set(team.id, team)),
        close: (id, closedAt) =>
          store(() => void this.teams.set(id, { ...(this.teams.get(id) ?? { id, name: { 'zh-CN': id } }), closedAt })),
      },
      accounts: {
        all: () => store(() => [...this.people.values()] as Account[]),
        byId: (id) => store(() => this.people.get(id) as Account | undefined),
        change: (id, change) => store(() => this.change(id, change)),
      },
      exclusive: (work) => {
        const done = turn.then(work);
        turn = done.catch(() => undefined);
        return done;
      },
      scopeOf: async ({ userId }) => this.scopeOf(userId),
      today: () => this.#midnight(),
      now: () => new Date(this.world.scheduler.nowMs),
      audit: async () => undefined,
    });
  }
}
