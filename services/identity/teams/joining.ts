import { CallCentreError } from '../../shared/domain/failure.js';
import { moved, type Membership, type Team } from '../../shared/domain/people/team.js';
import type { TeamStore } from './ports.js';

/** A team that takes people. Fails with `not-found`, and with `wrong-state` for a closed one. */
export const createOpenTeam =
  (teams: Pick<TeamStore, 'byId'>) =>
  async (id: string): Promise<Team> => {
    const team = await teams.byId(id);
    if (team === undefined) throw new CallCentreError('not-found', 'There is no such team.');
    if (team.closedAt !== undefined) throw new CallCentreError('wrong-state', 'This team is closed.');
    return team;
  };

/** The memberships of a new person who begins in a team. */
export type Joining = (teamId: string) => Promise<readonly Membership[]>;

export function createJoining({ teams, today }: { readonly teams: Pick<TeamStore, 'byId'>; readonly today: () => Date }): Joining {
  const openTeam = createOpenTeam(teams);
  return async (teamId) => {
    await openTeam(teamId);
    return moved([], teamId, today());
  };
}
