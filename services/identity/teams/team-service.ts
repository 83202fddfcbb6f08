import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import { moved, teamNow, type Team } from '../../shared/domain/people/team.js';
import { isScoped } from '../../shared/platform/reach/reach.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { meets } from '../account-scope.js';
import type { Account } from '../account.js';
import type { Exclusive } from '../changes/ports.js';
import type { AccountStore } from '../ports.js';
import { createOpenTeam } from './joining.js';
import type { TeamStore } from './ports.js';
import type { UserId } from '../../shared/domain/ids.js';

export interface TeamDependencies {
  readonly teams: TeamStore;
  readonly accounts: Pick<AccountStore, 'all' | 'byId' | 'change'>;
  readonly exclusive: Exclusive;
  readonly scopeOf: (principal: Principal) => Promise<Scope>;
  /** The start of the day at the site. */
  readonly today: () => Date;
  readonly now: () => Date;
  readonly audit: Audit;
}

export interface TeamMembers {
  readonly team: Team;
  /** The current members. */
  readonly memberIds: readonly string[];
}

export interface MembersWish {
  readonly userIds: readonly UserId[];
  /** The members as the page read them. */
  readonly before?: readonly string[] | undefined;
}

/** The page read the team before somebody else moved people, and saving would undo that. */
function refuseStale(members: readonly Account[], before: readonly string[] | undefined): void {
  if (before !== undefined && (before.length !== members.length || members.some(({ id }) => !before.includes(id))))
    throw new CallCentreError('changed-meanwhile', 'Somebody has moved people in the meantime; nothing was saved.');
}

/** Teams and their members over time. */
export function createTeamService({ teams, accounts, exclusive, scopeOf, today, now, audit }: TeamDependencies) {
  const openTeam = createOpenTeam(teams);
  const membersIn = (all: readonly Account[], teamId: string): Account[] =>
    all.filter(({ memberships }) => teamNow(memberships) === teamId);

  /** Moves a person into a team, or out of every team. Moves from several pages run one after the other, so that none is lost. */
  async function put(by: Pick<Principal, 'userId'>, userId: UserId, teamId: string | null, from: string): Promise<void> {
    const account = await accounts.byId(userId);
    if (account === undefined) throw new CallCentreError('not-found', 'There is no such account.');
    const before = teamNow(account.memberships) ?? null;
    if (before === teamId) return;
    if (teamId !== null) await openTeam(teamId);
    await audit({
      who: by.userId,
      what: 'account.team-changed',
      object: userId,
      from,
      success: true,
      before: { teamId: before },
      after: { teamId },
      reason: `${before ?? '-'} → ${teamId ?? '-'}`,
    });
    await accounts.change(userId, { memberships: moved(account.memberships ?? [], teamId, today()) });
  }

  return {
    all: () => teams.all(),

    /**
     * A person with teams sees those teams; with another scope, the teams of colleagues. Closed teams stay visible, for earlier reports.
     */
    async visibleTo(principal: Principal): Promise<TeamMembers[]> {
      const [all, people, own] = await Promise.all([teams.all(), accounts.all(), scopeOf(principal)]);
      const seen = people.filter(({ scope }) => !isScoped(principal) || meets(scope, own));
      const teamsOwn = own.teams ?? [];
      return all
        .filter(({ id }) => (teamsOwn.length > 0 ? teamsOwn.includes(id) : !isScoped(principal) || membersIn(seen, id).length > 0))
        .map((team) => ({ team, memberIds: membersIn(people, team.id).map(({ id }) => id) }));
    },

    /** The team of a person now. */
    async ofAccount({ memberships }: Pick<Account, 'memberships'>): Promise<Team | undefined> {
      const id = teamNow(memberships);
      return id === undefined ? undefined : teams.byId(id);
    },

    /** Creates a team or renames it. */
    async save(by: Principal, team: Pick<Team, 'id' | 'name' | 'site'>, from: string): Promise<void> {
      const before = await teams.byId(team.id);
      if (before?.closedAt !== undefined) throw new CallCentreError('wrong-state', 'This team is closed.');
      await audit({ who: by.userId, what: 'team.saved', object: team.id, from, success: true, before, after: team });
      await teams.put(team);
    },

    /** Closes a team. Its members move to the named team. A team with members and without a named target stays open. */
    async close(by: Principal, teamId: string, moveTo: string | null | undefined, from: string): Promise<void> {
      await exclusive(async () => {
        await openTeam(teamId);
        if (moveTo === teamId) throw new CallCentreError('invalid-request', 'The members must go into another team.');
        const members = membersIn(await accounts.all(), teamId);
        if (members.length > 0 && moveTo === undefined)
          throw new CallCentreError('wrong-state', 'The team has members: say where they go.', { details: { members: members.length } });
        for (const { id } of members) await put(by, id, moveTo ?? null, from);
        await audit({ who: by.userId, what: 'team.closed', object: teamId, from, success: true });
        await teams.close(teamId, now());
      });
    },

    /** Sets the members of a team: people who are not named leave it, and people of other teams leave those. */
    async setMembers(by: Principal, teamId: string, { userIds, before }: MembersWish, from: string): Promise<void> {
      await exclusive(async () => {
        await openTeam(teamId);
        const all = await accounts.all();
        const unknown = userIds.filter((userId) => !all.some(({ id }) => id === userId));
        if (unknown.length > 0) throw new CallCentreError('not-found', 'There is no such account.');
        const members = membersIn(all, teamId);
        refuseStale(members, before);
        for (const { id } of members) if (!userIds.includes(id)) await put(by, id, null, from);
        for (const userId of userIds) await put(by, userId, teamId, from);
      });
    },

    move: (by: Principal, userId: UserId, teamId: string | null, from: string): Promise<void> =>
      exclusive(() => put(by, userId, teamId, from)),

    /** Moving people changes what others see: only people with teams, or without any scope, may do it, within their teams. */
    async refuseMove(by: Principal, teamId: string | null): Promise<void> {
      if (teamId !== null) await openTeam(teamId);
      if (!isScoped(by)) return;
      const { teams: own = [] } = await scopeOf(by);
      if (teamId === null || !own.includes(teamId))
        throw new CallCentreError('outside-scope', 'Only a person who sees the whole site can put people into this team.');
    },
  };
}
export type TeamService = ReturnType<typeof createTeamService>;
