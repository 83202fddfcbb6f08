import type { LegOut, Try } from '../models/carriers.js';
import { siteDate } from '../models/outbound.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** A silent server is probed every 5 s, one that answers every 30 s, and each has 4 s to answer. */
const TOLD_MS = 40_000;
/** How long a call waits for a channel. */
const WAITS_MS = 2_000;
/** Longer than any called person talks, and the set-up beside it. */
const EMERGENCY_MS = 180_000;
/** A server that says nothing at all is left after 4 s; the last one, of which nothing was ever heard, after 8 s. */
const SILENT_MS = 9_000;
/** After a trunk gave the leg back: time to ask the gate for another way, and for the stores. */
const NEXT_WAY_MS = 3_000;

/** Outside legs use servers that answer and trunks that have room; none is given up while another way would have carried it. */
export function carriersInvariant(world: World): Invariant {
  const name = 'carriers';
  const { carriers, stores, outbound, scheduler } = world;
  const judged = new Map<LegOut['signal'], number>();
  let disturbedMs = Number.NEGATIVE_INFINITY;

  const isUpSince = (uri: string, sinceMs: number): boolean => {
    const { state, sinceMs: turnedMs } = carriers.server(uri);
    return state === 'up' && turnedMs <= sinceMs;
  };
  /** OPTIONS have told it: silent for so long, and the process that dials was there. */
  const isKnownSilent = (uri: string, atMs: number): boolean => {
    const { state, sinceMs } = carriers.server(uri);
    return state === 'silent' && atMs - Math.max(sinceMs, carriers.begunMs) > TOLD_MS;
  };
  const trunksOf = ({ permit }: LegOut): string[] => [permit.trunkId, ...(permit.others ?? []).map(({ trunkId }) => trunkId)];

  function judgeTry(leg: LegOut, index: number, { trunkId, uri, atMs }: Try): void {
    const about = [leg.party, leg.permit.permitId];
    const before = leg.tries.slice(0, index);
    const rang = before.find((each) => each.rang);
    if (rang !== undefined) world.fail(name, `a leg that had rung by ${rang.uri} was sent by ${uri} as well`, about);
    if (atMs - disturbedMs < TOLD_MS || !isKnownSilent(uri, atMs)) return;
    const tried = new Set(before.map((each) => each.uri));
    const better = carriers.serversOf(trunkId).find((each) => !tried.has(each) && isUpSince(each, atMs - TOLD_MS));
    if (better !== undefined) world.fail(name, `a leg was sent by ${uri}, which is known to be silent, before ${better}`, about);
    // A permit that still names another trunk may move on: leaving a trunk that is known to be away takes no time.
    const isAway = carriers.serversOf(trunkId).every((each) => isKnownSilent(each, atMs));
    // As a last resort, an emergency call is tried over a trunk that was passed over.
    const isTried = leg.permit.emergency === true;
    if (isAway && !isTried && (leg.permit.others ?? []).length > 0 && leg.permit.trunkId === trunkId)
      world.fail(name, `a leg was sent by ${trunkId}, which is known to be away, and may go by another trunk`, about);
  }

  function judgeOver(leg: LegOut): void {
    const { over, permit, signal, tries, beganMs, behaviour } = leg;
    if (over?.failed === undefined || signal.aborted || !leg.process.alive) return;
    const about = [leg.party, permit.permitId];
    // What the gate forbids meanwhile goes no other way.
    const isForbidden =
      outbound.stops.length > 0 ||
      outbound.refusals.has(permit.numberHash) ||
      (outbound.destinations.get(permit.number)?.validUntil ?? '9999') < siteDate(new Date(over.atMs));
    if (isForbidden || behaviour.outcome === 'refused' || behaviour.outcome === 'silent') return;
    if (tries.some(({ rang, uri }) => rang || isUpSince(uri, beganMs))) return;
    const missed = trunksOf(leg)
      .filter((trunkId) => carriers.trunk(trunkId)?.channels === undefined)
      .flatMap((trunkId) => carriers.serversOf(trunkId))
      .find((uri) => isUpSince(uri, beganMs));
    if (missed !== undefined) world.fail(name, `a leg was given up, and ${missed} would have carried it`, about);
  }

  /** Nobody waits for a server that is silent from beginning to end. */
  function judgeSilence({ tries, over, signal, process, party, permit }: LegOut): void {
    const last = tries.at(-1);
    if (last === undefined || signal.aborted || !process.alive || over !== undefined || scheduler.nowMs - last.atMs < SILENT_MS) return;
    const { state, sinceMs } = carriers.server(last.uri);
    if (state === 'silent' && sinceMs <= last.atMs)
      world.fail(name, `a leg waits for ${last.uri}, which has been silent since it was sent there`, [party, permit.permitId]);
  }

  /** On a trunk that was given up, every server that answered has been tried. */
  function judgeLeft(leg: LegOut): void {
    const { over, signal, tries, beganMs } = leg;
    if (over?.failed !== 'way' || signal.aborted || !leg.process.alive) return;
    const about = [leg.party, leg.permit.permitId];
    const asked = new Set(tries.map(({ uri }) => uri));
    if (over.sent) {
      const missed = carriers.serversOf(over.trunkId).find((uri) => !asked.has(uri) && isUpSince(uri, beganMs));
      const rang = tries.some((each) => each.rang);
      if (missed !== undefined && !rang) world.fail(name, `${over.trunkId} was left without a word to ${missed}`, about);
      return;
    }
    const hasRoom = over.atMs - carriers.fullMs(over.trunkId) > WAITS_MS + 100;
    const isThere = carriers.serversOf(over.trunkId).some((uri) => isUpSince(uri, over.atMs - TOLD_MS));
    if (hasRoom && isThere && over.atMs - carriers.begunMs > TOLD_MS)
      world.fail(name, `${over.trunkId} had a channel and a server that answers, and the leg was not sent`, about);
  }

  return {
    name,
    sentence:
      'docs/calls.md: a trunk that does not take a call is left for the next, within one attempt and before anything has rung; a server that is known to be silent is tried last, and one that says nothing at all is left within 8 s; a trunk carries no more calls than was agreed upon.',
    tick() {
      if (world.isDisturbed) disturbedMs = scheduler.nowMs;
      for (const { id, channels } of stores.trunks) {
        carriers.fullMs(id);
        const isEmergency = scheduler.nowMs - carriers.emergencyMs < EMERGENCY_MS;
        if (channels !== undefined && carriers.carried(id) > channels && !isEmergency && scheduler.nowMs - disturbedMs > TOLD_MS)
          world.fail(name, `${id} carries ${carriers.carried(id)} calls, and ${channels} were agreed upon`, [id]);
      }
      for (const leg of carriers.legs) {
        const seen = judged.get(leg.signal) ?? 0;
        for (const [index, each] of leg.tries.entries()) if (index >= seen) judgeTry(leg, index, each);
        judged.set(leg.signal, leg.tries.length);
        judgeSilence(leg);
        if (leg.over === undefined || scheduler.nowMs - disturbedMs < TOLD_MS) continue;
        if (leg.over.left !== true) judgeLeft(leg);
        leg.over.left = true;
        if (scheduler.nowMs - leg.over.atMs > NEXT_WAY_MS) judgeOver(leg);
      }
      const isOver = ({ over, process }: LegOut): boolean =>
        !process.alive || (over !== undefined && scheduler.nowMs - over.atMs > NEXT_WAY_MS);
      for (const leg of carriers.legs.filter(isOver)) judged.delete(leg.signal);
      carriers.legs.splice(0, carriers.legs.length, ...carriers.legs.filter((leg) => !isOver(leg)));
    },
  };
}
