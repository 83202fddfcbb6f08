import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { mayUse, type Principal } from '../shared/domain/people/rights.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { seedOf, type SeedSources } from '../shared/domain/licence/seed.js';
import { createDraw, type Draw } from './pack/draw.js';
import type { StoredRows, Stretch } from './ports.js';

export interface OrderHttp extends SeedSources {
  readonly calendar: { stretchOf(from: string, to: string): Stretch };
  readonly rows: Pick<StoredRows, 'archived'>;
  readonly commands: CommandBus;
  readonly sha256Hex: (text: string) => string;
}

/** The longest period that recordings are drawn from: a quarter and some days. */
const MOST_DAYS = 100;
const DAY_MS = 86_400_000;

/** Sound leaves the archive with the pack: who may not download recordings may not take it in this way either. */
export function refuseSound(principal: Principal): void {
  if (!mayUse(principal, 'recordings.download'))
    throw new CallCentreError(
      'not-allowed',
      'This needs the right to download recordings: the pack contains some. Ask a compliance officer for it.',
    );
}

type Archived = ReturnType<StoredRows['archived']> extends AsyncIterable<readonly (infer Row)[]> ? Row : never;

/** A period that recordings are drawn from. */
function drawnFrom({ from, to }: { readonly from: string; readonly to: string }, { calendar }: Pick<OrderHttp, 'calendar'>): Stretch {
  if (from > to) throw new CallCentreError('invalid-request', 'The period ends before it begins.');
  const stretch = calendar.stretchOf(from, to);
  if (stretch.untilMs - stretch.fromMs > MOST_DAYS * DAY_MS)
    throw new CallCentreError('invalid-request', `Recordings are drawn from at most ${MOST_DAYS} days. Please choose a shorter period.`);
  return stretch;
}

/** What would be drawn, without its names: they are known when the pack is sealed. */
async function drawable(
  { from, to, count, seed }: { readonly from: string; readonly to: string; readonly count: number; readonly seed?: string | undefined },
  needs: Pick<OrderHttp, 'rows' | 'calendar' | 'sha256Hex' | keyof SeedSources>,
) {
  const stretch = drawnFrom({ from, to }, needs);
  const chosen = await seedOf(seed, needs);
  const draw = createDraw<Archived>({ asked: count, seed: chosen.seed }, needs.sha256Hex);
  for await (const batch of needs.rows.archived(stretch)) batch.forEach(draw.add);
  const { pool, rows } = draw.drawn();
  const there = rows.filter(({ deleted }) => !deleted);
  const sum = (of: 'sizeBytes' | 'durationMs'): number => there.reduce((total, row) => total + row[of], 0);
  return {
    ...{ pool, count: rows.length, deleted: rows.length - there.length, seedFrom: chosen.seedFrom },
    ...{ sizeBytes: sum('sizeBytes'), durationMs: sum('durationMs') },
  };
}

/** The order of a pack, and how much the recordings are that would be drawn. */
export function createOrderHttp(needs: OrderHttp): Route[] {
  const { commands } = needs;
  return [
    route('POST /evidence/packs', {
      reach: { kind: 'site' },
      handle: async ({ principal, body: { drawn, ...order } }) => {
        if (drawn === undefined) return commands.send('evidence.make-pack', { ...order, requestedBy: principal.userId });
        refuseSound(principal);
        // As for attachments, a year is too much for one archive.
        if (order.kind === 'annual')
          throw new CallCentreError(
            'invalid-request',
            'An annual pack contains no recordings. Please order them with another kind of pack.',
          );
        drawnFrom(order, needs);
        const { seed, seedFrom } = await seedOf(drawn.seed, needs);
        const draw: Draw = { asked: drawn.count, seed, seedFrom };
        return commands.send('evidence.make-pack', {
          ...order,
          requestedBy: principal.userId,
          drawn: { ...draw, reason: drawn.reason },
        });
      },
    }),
    route('GET /evidence/packs/drawable', {
      reach: { kind: 'site' },
      handle: async ({ principal, query }) => {
        refuseSound(principal);
        return drawable(query, needs);
      },
    }),
  ];
}
