import { z } from 'zod';
import { Wall, WallDraft } from '../../queues/wall.js';
import { nothing, type Endpoints } from '../endpoint.js';

const wallId = z.object({
  wallId: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9-]+$/),
});

export const wallsApi = {
  'GET /walls': {
    right: 'walls.edit',
    summary: 'The caller’s own walls; everybody’s for a person without a scope. Never with the token of an address.',
    answer: z.object({ walls: z.array(Wall) }),
    failures: [],
  },
  'PUT /walls/:wallId': {
    right: 'walls.edit',
    summary: 'Creates a wall, or changes the layout of one of the caller’s own. It shows what its owner may currently see.',
    params: wallId,
    body: WallDraft,
    answer: Wall,
    failures: ['changed-meanwhile', 'not-new', 'too-large'],
  },
  'POST /walls/:wallId/address': {
    right: 'walls.edit',
    summary: 'Gives one of the caller’s own walls a new address and withdraws the old one. The token is given here and nowhere else.',
    params: wallId,
    answer: z.object({ token: z.string() }),
    failures: [],
  },
  'DELETE /walls/:wallId/address': {
    right: 'walls.edit',
    summary: 'Withdraws the address of a wall and disconnects screens that show it.',
    params: wallId,
    answer: nothing,
    failures: [],
  },
  'DELETE /walls/:wallId': {
    right: 'walls.edit',
    summary: 'Removes a wall with its address.',
    params: wallId,
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type WallsApi = typeof wallsApi;
