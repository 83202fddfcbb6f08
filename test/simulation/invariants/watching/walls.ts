import { boardFiguresOf } from '../../../../services/shared/domain/figures/board.js';
import { newWall, statesOf } from '../../../../web-agent/src/screens/wall/wall-state.js';
import { WALL_MAKER, WHOLE_SITE } from '../../models/staff.js';
import type { World } from '../../world.js';
import { createPatience, type Invariant } from '../invariant.js';

/** The address and the rights are checked every two seconds, and the result is sent within one more. */
const FOLLOWS_MS = 5_000;
/** A board on which nothing happens is sent every five seconds. */
const AS_BOARDS_MS = 7_000;
/** A screen that was told that its time is over asks again once a minute. */
const BACK_MS = 68_000;

/** A wall shows what its maker sees now, and the numbers that the boards show. */
export function wallsInvariant(world: World): Invariant {
  const name = 'walls';
  const waitFor = createPatience(world, name);
  const { staff, wall, stores } = world;

  /** The queues that its maker sees; undefined when nothing may be shown. */
  function due(): readonly string[] | undefined {
    const maker = staff.people.get(WALL_MAKER);
    if (maker === undefined || maker.disabled || !wall.isOpen) return undefined;
    if ((maker.scope.teams ?? []).length > 0) return [];
    return maker.scope.queues.length > 0 ? maker.scope.queues : [...stores.queues.keys()];
  }

  function judgeFigures(): void {
    const board = world.boards.get(WHOLE_SITE);
    const [queues, agents] = [board?.queues(), board?.agents()];
    const { rows } = world.screen?.state ?? newWall;
    if (queues === undefined || agents === undefined) return;
    for (const { queueId, waiting, states, today } of queues) {
      const counted = boardFiguresOf(world.routing.figures.of(queueId, world.scheduler.nowMs).today);
      const isOther = JSON.stringify(counted) !== JSON.stringify(today);
      waitFor(
        `${queueId}/board`,
        world.routing.alive && isOther,
        AS_BOARDS_MS,
        () => `the board of ${queueId} shows other figures than routing counts`,
      );
      const row = rows.get(`queue:${queueId}`);
      if (row?.of !== 'queue') continue;
      const [one, other] = [row, { waiting, states, today }].map((each) => JSON.stringify([each.waiting, each.states, each.today]));
      waitFor(queueId, one !== other, AS_BOARDS_MS, () => `the wall shows of ${queueId} ${one}, and the board ${other}`);
    }
    const counts = new Map<string, number>();
    for (const { state } of agents) counts.set(state, (counts.get(state) ?? 0) + 1);
    const shown = Object.entries(statesOf(rows, '')).sort();
    const isWhole = rows.has('agents') && staff.scopeOf(WALL_MAKER).queues.length + (staff.ledBy(WALL_MAKER)?.length ?? 0) === 0;
    const isOther = JSON.stringify(shown) !== JSON.stringify([...counts].sort());
    waitFor(
      'agents',
      isWhole && isOther,
      AS_BOARDS_MS,
      () => `the wall counts agents ${shown.join(' ')}, and the board ${[...counts].sort().join(' ')}`,
    );
  }

  return {
    name,
    sentence:
      'docs/adr/0074 and docs/handbook/supervisor.md: the wall shows what the account of its maker sees at that moment, and ends within seconds with the address, the right or the account; its figures are those of the boards.',
    tick() {
      const { screen } = world;
      if (screen === undefined) return;
      const queueIds = due();
      const { over, rows } = screen.state;
      const shown = [...rows.values()].flatMap((row) => (row.of === 'queue' ? [row.queueId] : [])).sort();
      const isShown = screen.isUp && !over;
      waitFor('over', isShown && queueIds === undefined, FOLLOWS_MS, () => `the wall is shown, and its maker or address is no more`);
      waitFor('back', !isShown && queueIds !== undefined && world.gateway.alive, BACK_MS, () => 'the wall may be shown and is not');
      const isOther = isShown && queueIds !== undefined && shown.join() !== [...queueIds].sort().join();
      waitFor('scope', isOther, FOLLOWS_MS, () => `the wall shows ${shown.join()}, and its maker sees ${queueIds?.join() ?? ''}`);
      if (isShown) judgeFigures();
    },
  };
}
