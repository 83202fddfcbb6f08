import { z } from 'zod';
import { commandFailures, nothing, type Endpoints } from '../endpoint.js';

export const TeamName = z.object({ 'zh-CN': z.string().trim().min(1).max(64), en: z.string().trim().min(1).max(64).optional() });
const teamId = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const params = z.object({ teamId });

/** A team as pages see it. */
export const TeamView = z.object({
  id: z.string(),
  name: z.object({ 'zh-CN': z.string(), en: z.string().optional() }),
  site: z.string().nullable(),
  /** A closed team has no members. Earlier reports still name it. */
  closedAt: z.iso.datetime().nullable(),
  /** The current members. */
  memberIds: z.array(z.string()),
});
export type TeamView = z.infer<typeof TeamView>;

export const teamsApi = {
  'GET /teams': {
    right: 'teams.read',
    summary: 'Teams with their current members, including closed teams; with a scope of teams, only those.',
    answer: z.object({ teams: z.array(TeamView) }),
    failures: [],
  },
  'PUT /teams/:teamId': {
    right: 'users.edit',
    summary: 'Creates a team, or renames it.',
    params,
    body: z.object({ name: TeamName, site: z.string().trim().min(1).max(64).optional() }),
    answer: nothing,
    failures: ['invalid-request', 'wrong-state'],
  },
  'PUT /teams/:teamId/members': {
    right: 'users.edit',
    summary:
      'Makes these people the members of a team: others leave it, and members of another team leave that one. It takes effect today.',
    params,
    body: z.object({
      userIds: z.array(z.string().min(1).max(64)).max(2_000),
      /** The members as the page read them. If somebody else has moved people since, nothing is changed. */
      before: z.array(z.string().min(1).max(64)).max(2_000).optional(),
    }),
    answer: nothing,
    failures: [...commandFailures, 'changed-meanwhile', 'invalid-request'],
  },
  'POST /teams/:teamId/close': {
    right: 'users.edit',
    summary: 'Closes a team. `moveTo` names the team that its members go into, null for none; without it a team with members stays.',
    params,
    body: z.object({ moveTo: teamId.nullable().optional() }),
    answer: nothing,
    failures: [...commandFailures, 'invalid-request'],
  },
} as const satisfies Endpoints;
export type TeamsApi = typeof teamsApi;
