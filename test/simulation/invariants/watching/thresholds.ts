import type { Alarm } from '../../../../services/notices/alarm.js';
import type { Threshold } from '../../../../services/shared/contracts/queues/threshold.js';
import { boardFiguresOf } from '../../../../services/shared/domain/figures/board.js';
import { figureRegistry } from '../../../../services/shared/domain/figures/registry.js';
import { WHOLE_SITE } from '../../models/staff.js';
import type { World } from '../../world.js';
import { createPatience, type Invariant } from '../invariant.js';

const CODES = { warn: 'figure-warning', alarm: 'figure-alarm' } as const;
type Limit = keyof typeof CODES;
const limits = ['warn', 'alarm'] as const;
const codeList: readonly string[] = Object.values(CODES);

/** Routing looks every half second. */
const LOOK_MS = 500;
/** On the board and at the bell within two seconds. */
const SHOWN_MS = 2_000;
/** Routing knows of a change at once; where a process died in between, once it reads again (docs/adr/0070). */
const KNOWN_MS = 1_500;
const READ_AGAIN_MS = 36_000;
const BOARD_MS = 10_000;
/** What lasts is said again every ten minutes. */
const AGAIN_MS = 590_000;
const REMEMBERED_MS = 30_000;

/** A figure of a threshold at one moment. */
interface Look {
  readonly atMs: number;
  readonly beyond: Readonly<Record<Limit, boolean>>;
  /** The clear level is reached, or there is too little to judge. */
  readonly isOver: boolean;
}

/** What the figures of the present routing process say of each threshold, since the threshold took its present form. */
function createLooks(world: World) {
  const looks = new Map<string, { readonly revision: number | undefined; readonly process: string; readonly all: Look[] }>();

  function lookAt(threshold: Threshold, process: string): void {
    const { id, revision, scope, figure, window, worse, clear, minimumSample } = threshold;
    const nowMs = world.scheduler.nowMs;
    const board = boardFiguresOf(world.routing.figures.ofScope(scope, nowMs)[window]);
    const { value, denominator } = board[figure];
    const hasSample = figureRegistry[figure].unit === 'count' || denominator >= minimumSample;
    const hasBegun = worse === 'above' || window === 'lately' || board.entered.value !== 0;
    const judged = value !== null && hasSample && hasBegun ? value : undefined;
    const isBeyond = (limit: number | undefined): boolean =>
      judged !== undefined && limit !== undefined && (worse === 'above' ? judged > limit : judged < limit);
    const isClear = judged === undefined || (worse === 'above' ? judged <= clear : judged >= clear);
    const look = { atMs: nowMs, beyond: { warn: isBeyond(threshold.warn), alarm: isBeyond(threshold.alarm) }, isOver: isClear };
    const known = looks.get(id);
    if (known?.revision === revision && known?.process === process) {
      known.all.push(look);
      while ((known.all[1]?.atMs ?? nowMs) < nowMs - REMEMBERED_MS) known.all.shift();
    } else looks.set(id, { revision, process, all: [look] });
  }

  function lookAtAll(): void {
    const { process } = world.routing;
    for (const id of [...looks.keys()]) if (world.thresholds.rows.get(id)?.active !== true) looks.delete(id);
    if (process?.alive === true)
      for (const threshold of world.thresholds.rows.values()) if (threshold.active) lookAt(threshold, process.name);
  }

  return {
    lookAtAll,
    of: (id: string): readonly Look[] => looks.get(id)?.all ?? [],
    /** For how long the figure has been beyond a limit without a break. */
    beyondMs(id: string, limit: Limit): number {
      const all = looks.get(id)?.all ?? [];
      const within = all.findLastIndex(({ beyond }) => !beyond[limit]);
      return world.scheduler.nowMs - (all[within + 1]?.atMs ?? world.scheduler.nowMs);
    },
  };
}

/**
 * One alarm per incident, for whoever has the scope: raised after the hold-off with the sample, and ended at the clear level or with the
 * threshold.
 */
export function thresholdsInvariant(world: World): Invariant {
  const name = 'thresholds';
  const waitFor = createPatience(world, name);
  const { thresholds, alarms, staff, desk } = world;
  const looks = createLooks(world);
  /** The last report for each subject and code, and which routing process made it. */
  const said = new Map<string, { readonly raised: boolean; readonly atMs: number; readonly process: string | undefined }>();
  const unsettledUntilMs = new Map<string, number>();
  const isUnsettled = (id: string): boolean => (unsettledUntilMs.get(id) ?? 0) > world.scheduler.nowMs;
  const standing = (id: string, code: string): Alarm | undefined =>
    [...alarms.rows.values()].find((alarm) => alarm.subject === id && alarm.code === code && alarm.state !== 'cleared');

  /** Whether a person is to see what belongs to a scope. */
  const isFor = (userId: string, { of, id }: Threshold['scope']): boolean => {
    const led = staff.ledBy(userId);
    return led === undefined || (of === 'team' && led.includes(id));
  };

  function judgeRaised(limit: Limit, { id, holdOffSeconds, scope }: Threshold, event: Readonly<Record<string, unknown>>): void {
    const { at, scope: given } = event as { at: string; scope?: Readonly<Record<string, string>> };
    const atMs = Date.parse(at);
    const before = said.get(`${id}/${CODES[limit]}`);
    if (before?.raised === true && before.process === world.routing.process?.name && atMs - before.atMs < AGAIN_MS)
      world.fail(name, `${id} raises ${CODES[limit]} once more in the same incident`, [id]);
    const whose = [given?.['queueId'], given?.['teamId']].filter((each) => each !== undefined).join();
    if (whose !== (scope.of === 'queue' || scope.of === 'team' ? scope.id : ''))
      world.fail(name, `${id} is of ${scope.of} ${scope.id} and raises for ${whose}`, [id]);
    // The condition lasts: the next process reports it once more.
    if (standing(id, CODES[limit]) !== undefined) return;
    const fromMs = atMs - holdOffSeconds * 1_000 + 2 * LOOK_MS;
    const all = looks.of(id);
    if ((all[0]?.atMs ?? atMs) > fromMs) world.fail(name, `${id} raises ${CODES[limit]} before the hold-off of ${holdOffSeconds} s`, [id]);
    let brokenMs = fromMs;
    for (const { atMs: seenMs, beyond } of all) {
      if (seenMs <= fromMs || seenMs > atMs) continue;
      if (beyond[limit]) brokenMs = seenMs;
      else if (seenMs - brokenMs > 2 * LOOK_MS)
        world.fail(name, `${id} raises ${CODES[limit]}, and the figure was not beyond it for ${holdOffSeconds} s`, [id]);
    }
  }

  function judgeCleared(limit: Limit, { id }: Threshold, atMs: number): void {
    if (standing(id, CODES[limit]) === undefined || said.get(`${id}/${CODES[limit]}`)?.process !== world.routing.process?.name) return;
    const lately = looks.of(id).filter((look) => look.atMs > atMs - 3 * LOOK_MS);
    const isDue = lately.some(({ isOver, beyond }) => isOver || (limit === 'warn' && beyond.alarm));
    if (!isDue && lately.length > 0) world.fail(name, `${id} clears ${CODES[limit]}, and the figure has not reached the clear level`, [id]);
  }

  function judgeShown(): void {
    desk.thresholds.onAlarms.push((userId, shown, askedMs) => {
      const ids = new Set(shown.map(({ id }) => id));
      for (const { id, subject, code, firstAt, teamId, state, revision } of alarms.rows.values()) {
        if (!codeList.includes(code)) continue;
        const led = staff.ledBy(userId);
        const isMine = led === undefined || (teamId !== undefined && led.includes(teamId));
        if (ids.has(id) && !isMine)
          world.fail(name, `${userId} is shown the alarm of ${subject}, which is of another part`, [userId, subject]);
        const isLasting = state !== 'cleared' && firstAt.getTime() < askedMs - SHOWN_MS && revision === 0;
        if (isLasting && isMine && !ids.has(id)) world.fail(name, `${userId} is not shown the alarm of ${subject}`, [userId, subject]);
      }
    });
    desk.thresholds.onListed.push((userId, shown) => {
      const strange = shown.find(({ scope }) => !isFor(userId, scope));
      if (strange !== undefined) world.fail(name, `${userId} reads the threshold ${strange.id} of another part`, [userId, strange.id]);
    });
    desk.thresholds.onChanged.push(({ userId, thresholdId, scopes }) => {
      if (scopes.some((scope) => !isFor(userId, scope)))
        world.fail(name, `${userId} has changed ${thresholdId}, which is of another part`, [userId, thresholdId]);
    });
  }

  function judgeStanding(): void {
    for (const { id, code, subject, state } of alarms.rows.values()) {
      if (!codeList.includes(code)) continue;
      const isEnded = thresholds.rows.get(subject)?.active !== true;
      const limitMs = isUnsettled(subject) ? READ_AGAIN_MS : SHOWN_MS;
      waitFor(id, state !== 'cleared' && isEnded, limitMs, () => `the alarm ${code} stands, and ${subject} is no more`, [subject]);
    }
    for (const { id, active, holdOffSeconds } of thresholds.rows.values()) {
      const [warn, alarm] = limits.map((limit) => standing(id, CODES[limit]));
      waitFor(`${id}/both`, warn !== undefined && alarm !== undefined, SHOWN_MS, () => `${id} has a warning and an alarm at a time`, [id]);
      if (!active || isUnsettled(id)) continue;
      for (const limit of limits) {
        const isDue =
          looks.beyondMs(id, limit) > holdOffSeconds * 1_000 + LOOK_MS && alarm === undefined && (limit === 'alarm' || warn === undefined);
        waitFor(
          `${id}/${limit}`,
          isDue,
          SHOWN_MS,
          () => `${id} is beyond its limit (${limit}) for ${holdOffSeconds} s, and nothing is raised`,
          [id],
        );
      }
    }
  }

  /** Board and bell agree, and a board shows what belongs to the viewer's own part. */
  function judgeBoards(): void {
    for (const [userId, page] of world.boards) {
      const marks = page.marks();
      if (marks === undefined) continue;
      const strange = marks.find(({ scope }) => !isFor(userId, scope));
      if (strange !== undefined) world.fail(name, `the board of ${userId} shows ${strange.thresholdId} of another part`, [userId]);
      if (userId !== WHOLE_SITE) continue;
      for (const { thresholdId, level, since } of marks) {
        const isEnded = thresholds.rows.get(thresholdId)?.active !== true;
        const goneMs = isUnsettled(thresholdId) ? READ_AGAIN_MS + BOARD_MS : BOARD_MS;
        waitFor(`${thresholdId}/gone`, isEnded, goneMs, () => `the board shows ${thresholdId}, and it is no more`, [thresholdId]);
        const bell = limits.find((limit) => standing(thresholdId, CODES[limit]) !== undefined) ?? 'ok';
        const isOther = since !== undefined && bell !== level && !isUnsettled(thresholdId);
        waitFor(`${thresholdId}/board`, isOther, BOARD_MS, () => `the board says ${level} of ${thresholdId}, and the bell ${bell}`, [
          thresholdId,
        ]);
      }
    }
  }

  function heard(event: string, given: Readonly<Record<string, unknown>>): void {
    const { code, subject = '', at } = given as { code?: string; subject?: string; at: string };
    const limit = limits.find((each) => CODES[each] === code);
    if ((event !== 'notice.raised' && event !== 'notice.cleared') || limit === undefined) return;
    // A caller who has just waited too long has changed the figure since the last look.
    looks.lookAtAll();
    const threshold = thresholds.rows.get(subject);
    if (threshold?.active === true && !isUnsettled(subject) && !world.isDisturbed) {
      if (event === 'notice.raised') judgeRaised(limit, threshold, given);
      else judgeCleared(limit, threshold, Date.parse(at));
    }
    said.set(`${subject}/${CODES[limit]}`, {
      raised: event === 'notice.raised',
      atMs: Date.parse(at),
      process: world.routing.process?.name,
    });
  }

  if (thresholds.areUsed) {
    world.bus.witnesses.push(heard);
    thresholds.onCounted.push(looks.lookAtAll);
    thresholds.onChanged.push((id) => {
      unsettledUntilMs.set(id, world.scheduler.nowMs + KNOWN_MS);
      looks.lookAtAll();
    });
    judgeShown();
  }
  return {
    name,
    sentence:
      'docs/handbook/supervisor.md and docs/adr/0070: a limit counts as passed after the hold-off; only at the clear level, or without a sufficient sample, is it over; a figure that swings between the two is one incident; a threshold that is removed or no longer in use takes back what it raised; whoever leads a team gets the alarms of that team alone.',
    tick() {
      if (!thresholds.areUsed) return;
      looks.lookAtAll();
      // Routing learns of a change made while something is broken when it reads again.
      if (world.isDisturbed)
        for (const [id, untilMs] of unsettledUntilMs)
          if (untilMs > world.scheduler.nowMs)
            unsettledUntilMs.set(id, Math.max(untilMs, (thresholds.changedMs.get(id) ?? 0) + READ_AGAIN_MS));
      judgeStanding();
      judgeBoards();
    },
    end() {
      for (const { code, subject, state } of alarms.rows.values())
        if (codeList.includes(code) && state !== 'cleared' && thresholds.rows.get(subject)?.active !== true)
          world.fail(name, `after all the alarm ${code} stands, and ${subject} is no more`, [subject]);
    },
  };
}
