import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { joins, MOST_LOOKS, type Decisions, type LegBasis } from './decision.js';
import type { GateNeeds } from './gate-needs.js';
import type { LateWriter } from './late-writer.js';
import type { OpenLeg, OpenLegs } from './open-legs.js';
import type { WayOut } from '../ports.js';
import { isStopped } from './stop-watch.js';

/** Nothing of the leg was sent over its trunk, so the trunk's count for the day is given back. */
export async function leftUnsent(
  { countedFor: trunkId, day }: OpenLeg,
  { claims, counts }: Pick<GateNeeds, 'claims' | 'counts'>,
): Promise<void> {
  await claims.giveBack({ day, trunkId });
  await counts.giveBack(day, trunkId, 'trunk');
}

/** A permit for the same leg over the next of its ways that the register and the day's ceilings allow at this moment. */
export function createOtherWay(
  needs: GateNeeds,
  { usableWay, legs, late }: { readonly usableWay: Decisions['usableWay']; readonly legs: OpenLegs; readonly late: LateWriter },
): (permit: DialPermit, how?: { readonly returns: boolean }) => Promise<DialPermit | undefined> {
  const { stores, attempts, claims, counts, permits, audit, localTime, now } = needs;
  return otherWay;

  async function otherWay(permit: DialPermit, { returns } = { returns: false }): Promise<DialPermit | undefined> {
    const { permitId, others: [way, ...further] = [] } = permit;
    const others = returns ? [...further, { trunkId: permit.trunkId, from: permit.from }] : further;
    const leg = legs.of(permitId);
    // The leg has ended or moved already: a permit moves only once.
    if (way === undefined || leg === undefined || !legs.isNewest(permit)) return undefined;
    const { basis, day } = leg;
    const { trunkId, from } = way;
    const moved = { ...permit, trunkId, from, others };
    if (basis !== undefined && !(await upToDate(() => isStillAllowed(permit, basis)))) return undefined;
    const isFree = basis === undefined || (await hasRoom(permit, way, day));
    if (!legs.isNewest(permit)) {
      if (basis !== undefined && isFree) await claims.giveBack({ day, trunkId });
      return undefined;
    }
    if (!isFree) {
      legs.passOver(leg, moved);
      return otherWay(moved);
    }
    const rows = [
      () => attempts.settle(permitId, { trunkId, from }),
      () =>
        audit({
          who: permit.agentId ?? 'system:calls',
          what: 'outbound.moved',
          object: `permit:${permitId}`,
          success: true,
          before: { trunkId: permit.trunkId, from: permit.from },
          after: { trunkId, from },
        }),
    ];
    if (basis === undefined) late.write(permitId, rows);
    else {
      const writes = [...rows.map((write) => write()), counts.moved(day, trunkId)];
      await Promise.all([...writes, permits.wasNotSent(permit) ? leftUnsent(leg, needs) : undefined]);
    }
    return legs.issue(moved, leg);
  }

  /** Reads until the memory matches the stores: a refusal is in force for the next INVITE of every process. */
  async function upToDate<Facts>(read: () => Promise<Facts>): Promise<Facts> {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const position = needs.memory.position();
      const facts = await read();
      if (position === needs.memory.position() && (position === undefined || (await claims.holds(position)))) return facts;
      await needs.memory.catchUp();
    }
    throw new Error('The lists of the gate change faster than it can decide.');
  }

  /** Checks what may have changed since the permit: a stop, a refusal, a withdrawn consent, a destination removed from the register. */
  async function isStillAllowed(
    { way, number, numberHash, consentId, freeReason }: DialPermit,
    { stoppable, consent }: LegBasis,
  ): Promise<boolean> {
    const [stops, refused, destination, consented] = await Promise.all([
      needs.stops.stops(),
      stores.refused(numberHash),
      joins(way) && freeReason === undefined ? stores.register.destination(number) : undefined,
      consent === undefined ? undefined : stores.consent(numberHash, consent.purpose, consent.clientId, now()),
    ]);
    if (refused || isStopped(stops, stoppable)) return false;
    if (consent !== undefined && consented?.id !== consentId) return false;
    return !joins(way) || freeReason !== undefined || (destination !== undefined && destination.validUntil >= localTime(now()).date);
  }

  async function hasRoom({ way: ofLeg }: DialPermit, way: WayOut, day: string): Promise<boolean> {
    const { date } = localTime(now());
    const { trunkId } = way;
    // Also whether our number may still be shown: its row may have changed since the permit was given.
    const [usable, least, rules] = await Promise.all([usableWay([way], date, joins(ofLeg)), stores.dayCount(day, trunkId), stores.rules()]);
    return usable !== undefined && (await claims.moved({ day, trunkId, least, ceilings: rules.ceilings }));
  }
}
