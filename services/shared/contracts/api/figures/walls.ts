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
    summary: 'The own walls; of everybody for whoever has no scope. Never with the token of an address.',
    answer: z.object({ walls: z.array(Wall) }),
    failures: [],
  },
  'PUT /walls/:wallId': {
    right: 'walls.edit',
    summary: 'Makes a wall, or changes the layout of an own one. What it shows is what its maker may see at that moment.',
    params: wallId,
    body: WallDraft,
    answer: Wall,
    failures: ['changed-meanwhile', 'not-new', 'too-large'],
  },
  'POST /walls/:wallId/address': {
    right: 'walls.edit',
    summary: 'Gives an own wall a new address; one that it had before is withdrawn. The token is answered here and nowhere else.',
    params: wallId,
    answer: z.object({ token: z.string() }),
    failures: [],
  },
  'DELETE /walls/:wallId/address': {
    right: 'walls.edit',
    summary: 'Withdraws the address of a wall: whoever shows it is cut.',
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
