import type { Wall } from '../../shared/contracts/queues/wall.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { refuseUnmeant } from '../../shared/platform/stores/edits.js';
import { isScoped } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { WallStore, WallTokens } from '../ports.js';
import { queuesOfLayout, type StoredWall } from './wall.js';

/** The most walls of the whole site. */
const MOST_WALLS = 200;

export interface WallHttp {
  readonly walls: WallStore;
  readonly tokens: WallTokens;
  readonly audit: Audit;
  readonly now: () => Date;
  /** Called when a wall was changed, withdrawn or removed: its pages are checked at once. */
  readonly changed: (wallId: string) => void;
}

const missing = (): CallCentreError => new CallCentreError('not-found', 'There is no such wall.');

export function createWallRoutes({ walls, tokens, audit, now, changed }: WallHttp): Route[] {
  /** The person's own wall: it shows what its maker sees, so nobody else changes it or takes its address. */
  async function ownWall({ userId }: Principal, wallId: string): Promise<StoredWall> {
    const found = await walls.byId(wallId);
    if (found?.madeBy.userId !== userId) throw missing();
    return found;
  }

  /** A person who sees the whole site may end anybody's wall. */
  async function endable(principal: Principal, wallId: string): Promise<StoredWall> {
    return isScoped(principal) ? ownWall(principal, wallId) : ((await walls.byId(wallId)) ?? fail());
  }

  return [
    route('GET /walls', {
      reach: { kind: 'filtered' },
      async handle({ principal }) {
        const seesAll = !isScoped(principal);
        const all = await walls.all();
        return { walls: all.filter(({ madeBy }) => seesAll || madeBy.userId === principal.userId).map((wall) => shown(wall, principal)) };
      },
    }),
    route('PUT /walls/:wallId', {
      reach: {
        kind: 'objects',
        named: async ({ body: { layout } }) => queuesOfLayout(layout).map((id) => ({ of: 'queue' as const, id, use: 'read' as const })),
      },
      async handle({ principal, params: { wallId }, body: { revision, ...draft }, from, request }) {
        const { userId, name } = principal;
        const before = await walls.byId(wallId);
        refuseUnmeant(request, revision, before);
        if (before !== undefined && before.madeBy.userId !== userId) throw missing();
        if (before === undefined && (await walls.all()).length >= MOST_WALLS)
          throw new CallCentreError('too-large', `There are ${MOST_WALLS} walls; remove one before another is added.`);
        const { address } = before ?? {};
        const after: StoredWall = { id: wallId, ...draft, madeBy: { userId, name }, ...(address === undefined ? {} : { address }) };
        await audit({
          who: userId,
          what: 'wall.changed',
          object: `wall:${wallId}`,
          from,
          success: true,
          before: before === undefined ? undefined : { name: before.name, layout: before.layout },
          after: draft,
        });
        const stored = await walls.put(after, before, name);
        changed(wallId);
        return shown(stored, principal);
      },
    }),
    route('POST /walls/:wallId/address', {
      reach: { kind: 'self' },
      async handle({ principal, params: { wallId }, from }) {
        await ownWall(principal, wallId);
        const token = tokens.make();
        await audit({ who: principal.userId, what: 'wall.address-made', object: `wall:${wallId}`, from, success: true });
        await walls.setAddress(wallId, { hash: tokens.hashOf(token), since: now() });
        changed(wallId);
        return { token };
      },
    }),
    route('DELETE /walls/:wallId/address', {
      reach: { kind: 'filtered' },
      async handle({ principal, params: { wallId }, from }) {
        await endable(principal, wallId);
        await audit({ who: principal.userId, what: 'wall.withdrawn', object: `wall:${wallId}`, from, success: true });
        await walls.setAddress(wallId, undefined);
        changed(wallId);
      },
    }),
    route('DELETE /walls/:wallId', {
      reach: { kind: 'filtered' },
      async handle({ principal, params: { wallId }, from }) {
        const { name, layout } = await endable(principal, wallId);
        await audit({
          who: principal.userId,
          what: 'wall.removed',
          object: `wall:${wallId}`,
          from,
          success: true,
          before: { name, layout },
        });
        await walls.remove(wallId);
        changed(wallId);
      },
    }),
  ];
}

function fail(): never {
  throw missing();
}

function shown({ id, name, layout, madeBy, address, revision, changedBy }: StoredWall, { userId }: Principal): Wall {
  return {
    id,
    name,
    layout,
    madeBy: madeBy.name,
    own: madeBy.userId === userId,
    ...(address === undefined ? {} : { addressSince: address.since.toISOString() }),
    ...(revision === undefined ? {} : { revision }),
    ...(changedBy === undefined ? {} : { changedBy }),
  };
}
