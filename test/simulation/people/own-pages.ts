import { MOST_FAVOURITES } from '../../../services/shared/contracts/api/customers/workspace.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { StoredCall } from '../../../services/shared/records/call.js';
import type { Desk } from '../roles/desk.js';
import type { World } from '../world.js';

const LIMITS = [3, 50, 200] as const;
/** The targets that each person may mark: more than may be marked at once. */
const TO_MARK = MOST_FAVOURITES + 10;

type ShownCall = Pick<StoredCall, 'history'> & { readonly callId: string };
type OnCalls = (userId: string, shown: readonly ShownCall[], limit: number, askedMs: number) => void;
/** What was asked, and the list that was answered, or the refusal. */
export type Marked = { readonly favourite: string; readonly marked: boolean } & (
  | { readonly shown: readonly string[] }
  | { readonly refused: string }
);

/** Agents who look at the calls of their day and mark the targets to whom they often hand calls: now and then on two pages at once. */
export class OwnPages {
  readonly onCalls: OnCalls[] = [];
  readonly onMarked: ((userId: string, marked: Marked) => void)[] = [];
  readonly onFavourites: ((userId: string, shown: readonly string[]) => void)[] = [];

  constructor(private readonly world: World) {}

  happens(desk: Desk): void {
    const { random, site } = this.world;
    const userId = random.pick([...site.agents, ...site.supervisors]);
    const deed = random.pick(['calls', 'marks', 'marks', 'looks'] as const);
    if (deed === 'calls') void this.#calls(desk, userId);
    else if (deed === 'looks') void this.#looks(desk, userId);
    else for (let page = random.chance(0.2) ? 6 : 1; page > 0; page -= 1) void this.#marks(desk, userId);
  }

  async #asked<T>(asking: Promise<T>, refused: (code: string) => void = () => undefined): Promise<T | undefined> {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof CallCentreError) refused(error.code);
      else this.world.fail('crash', `a page of one’s own: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      return undefined;
    }
  }

  async #calls(desk: Desk, userId: string): Promise<void> {
    const { random, scheduler, staff } = this.world;
    const [askedMs, limit] = [scheduler.nowMs, random.pick(LIMITS)];
    const asking = desk.ask<{ readonly calls: readonly ShownCall[] }>(staff.principalOf(userId), 'GET /calls/mine', { query: { limit } });
    const answer = await this.#asked(asking);
    if (answer !== undefined) for (const tell of this.onCalls) tell(userId, answer.calls, limit, askedMs);
  }

  async #looks(desk: Desk, userId: string): Promise<void> {
    const answer = await this.#asked(
      desk.ask<{ readonly favourites: readonly string[] }>(this.world.staff.principalOf(userId), 'GET /favourites/mine'),
    );
    if (answer !== undefined) for (const tell of this.onFavourites) tell(userId, answer.favourites);
  }

  async #marks(desk: Desk, userId: string): Promise<void> {
    const { random, staff } = this.world;
    const favourite = `outside:${userId} ${random.int(1, TO_MARK)}`;
    const marked = random.chance(0.9);
    const tell = (result: Marked): void => {
      for (const each of this.onMarked) each(userId, result);
    };
    const answer = await this.#asked(
      desk.ask<{ readonly favourites: readonly string[] }>(staff.principalOf(userId), 'PUT /favourites/mine/:favourite', {
        params: { favourite },
        body: { marked },
      }),
      (refused) => tell({ favourite, marked, refused }),
    );
    if (answer !== undefined) tell({ favourite, marked, shown: answer.favourites });
  }
}
