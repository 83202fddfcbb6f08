import { route, type Route } from '../../shared/platform/http/route.js';
import type { TeamMembers, TeamService } from './team-service.js';

/** Teams. Everybody who reads figures or accounts sees their names. Administrators of accounts of the whole site manage them. */
export function createTeamRoutes(teams: TeamService): Route[] {
  return [
    route('GET /teams', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({ teams: (await teams.visibleTo(principal)).map(shown) }),
    }),
    route('PUT /teams/:teamId', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => teams.save(principal, { id: params.teamId, ...body }, from),
    }),
    route('PUT /teams/:teamId/members', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => teams.setMembers(principal, params.teamId, body, from),
    }),
    route('POST /teams/:teamId/close', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => teams.close(principal, params.teamId, body.moveTo, from),
    }),
  ];
}

const shown = ({ team: { id, name, site, closedAt }, memberIds }: TeamMembers) => ({
  id,
  name,
  site: site ?? null,
  closedAt: closedAt ?? null,
  memberIds: [...memberIds],
});
