import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { mayDialFreely } from '../models/staff.js';
import { siteDate } from '../models/outbound.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** What was changed so recently may not have been read by the gate yet. */
const READ_MS = 2_500;
const SETTLED_MS = 10_000;
/** A stop wins over dialling within a second; the store and the way to the far side take time as well. */
const STOP_WINS_MS = 1_500;

/**
 * Every INVITE that leaves has a permit of its own, given just before, and a row that says so; none reaches a person who refused or has not
 * agreed, or a place to which no row leads.
 */
export function gateInvariant(world: World): Invariant {
  const name = 'gate';
  const { sip, outbound } = world;
  /** A campaign that is halted stops nobody else; its own invariant judges it. */
  const isStopped = (): boolean => outbound.stops.some(({ scope }) => scope === 'platform');
  let judged = 0;
  /** A leg that goes over another trunk has another permit for it. */
  const used = new Set<DialPermit>();
  const unwritten: { atMs: number; permitId: string }[] = [];
  const changedMs = { stops: 0, destinations: 0 };
  const before = { stops: outbound.stops, destinations: new Map<string, string>() };
  for (const [number, { validUntil }] of outbound.destinations) before.destinations.set(number, validUntil);

  function watchChanges(nowMs: number): void {
    if (outbound.stops !== before.stops) changedMs.stops = nowMs;
    before.stops = outbound.stops;
    for (const [number, { validUntil }] of outbound.destinations) {
      if (before.destinations.get(number) === validUntil) continue;
      changedMs.destinations = nowMs;
      before.destinations.set(number, validUntil);
    }
  }

  /** For police, fire and ambulance neither a stop nor a refusal of that number counts, not even before the row is written. */
  const isEmergency = ({ permitId, emergency }: DialPermit): boolean =>
    emergency === true || outbound.attempts.get(permitId)?.emergency === true;

  function judge({ atMs, permit, redeemed }: (typeof sip.out)[number]): void {
    const fail = (text: string): void => world.fail(name, `${text} (way ${permit.way}, permit ${permit.permitId})`, [permit.permitId]);
    const known = outbound.permits.get(permit.permitId);
    if (known === undefined || !redeemed) fail('an INVITE was tried without a permit of its own');
    else if (used.has(permit)) fail('two INVITEs left with one permit');
    else used.add(permit);
    const row = outbound.attempts.get(permit.permitId);
    // An emergency call waits for no store: its row follows.
    if (row === undefined && permit.emergency === true) unwritten.push({ atMs, permitId: permit.permitId });
    else if (row?.allowed !== true) fail('an INVITE left of which no row says that it was allowed');
    const refusal = outbound.refusals.get(permit.numberHash);
    if (refusal !== undefined && refusal.at.getTime() < atMs - READ_MS && !isEmergency(permit))
      fail('a number was called whose person has refused');
    const takenBackMs = outbound.withdrawn.get(permit.numberHash) ?? Number.POSITIVE_INFINITY;
    // A person who asked for this very call needs no other consent.
    const isAskedFor = permit.consentId?.startsWith('call:') === true;
    if (
      permit.way === 'call-out' &&
      !isAskedFor &&
      !isEmergency(permit) &&
      (permit.consentId === undefined || takenBackMs < atMs - READ_MS)
    )
      fail('a number was called whose person has not agreed, or no longer agrees');
    if (isStopped() && atMs - changedMs.stops > READ_MS && !isEmergency(permit)) fail('a number was called while calling out is stopped');
    if (permit.way === 'call-out' || permit.way === 'callback' || atMs - changedMs.destinations < READ_MS) return;
    if (permit.freeReason !== undefined) {
      if (!mayDialFreely(permit.agentId ?? '')) fail('somebody without the right dialled a number that no row of the register allows');
      return;
    }
    const validUntil = outbound.destinations.get(permit.number)?.validUntil ?? '';
    if (validUntil < siteDate(new Date(atMs))) fail('a call was sent to a number that no row of the register allows');
  }

  function judgeUnwritten(nowMs: number): void {
    const open = unwritten.splice(0);
    for (const leg of open) {
      if (outbound.attempts.get(leg.permitId)?.emergency === true) continue;
      if (nowMs - leg.atMs < SETTLED_MS || world.isDisturbed) unwritten.push(leg);
      else world.fail(name, `no row tells of the emergency call of the permit ${leg.permitId}`, [leg.permitId]);
    }
  }

  return {
    name,
    sentence:
      'docs/calls.md, calling out: the rules are asked at the moment of dialling; without their permit nothing is dialled, and each permit dials one leg; a stop and a consent taken back call off within a second what is being dialled; a number on no register is dialled by whoever has the right alone.',
    tick() {
      watchChanges(world.scheduler.nowMs);
      for (const leg of sip.out.slice(judged)) judge(leg);
      judged = sip.out.length;
      judgeUnwritten(world.scheduler.nowMs);
      const stoppedMs = !isStopped() ? Number.POSITIVE_INFINITY : world.scheduler.nowMs - changedMs.stops;
      if (stoppedMs < SETTLED_MS && stoppedMs > STOP_WINS_MS && !world.isDisturbed)
        for (const { permit } of sip.out.filter((leg) => leg.rings() && !isEmergency(leg.permit)))
          world.fail(name, `the number of the permit ${permit.permitId} rings on although calling out was stopped`, [permit.permitId]);
      for (const { permit } of sip.out.filter((leg) => leg.rings() && leg.permit.way === 'call-out' && !isEmergency(leg.permit))) {
        const sinceMs = world.scheduler.nowMs - (outbound.withdrawn.get(permit.numberHash) ?? Number.POSITIVE_INFINITY);
        if (sinceMs > STOP_WINS_MS && sinceMs < SETTLED_MS && !world.isDisturbed)
          world.fail(name, `the number of the permit ${permit.permitId} rings on although the consent was taken back`, [permit.permitId]);
      }
      for (const { call } of world.stores.calls.values())
        for (const { answeredAtMs = Number.POSITIVE_INFINITY, endedAtMs, longestMs, attemptId } of call.dialled ?? [])
          if (endedAtMs === undefined && world.scheduler.nowMs - answeredAtMs > longestMs + SETTLED_MS && !world.isDisturbed)
            world.fail(name, `the leg of the permit ${attemptId} lasts longer than ${longestMs} ms`, [call.id, attemptId]);
    },
    end() {
      // A process that died may leave permits unused.
      if (world.profile.faults.telephony > 0 || world.profile.faults['telephony-stop'] > 0 || world.profile.faults.documents > 0) return;
      for (const { attemptId, allowed, unused, endedAt, at, callId } of outbound.attempts.values())
        if (allowed && unused !== true && endedAt === undefined && world.scheduler.nowMs - at.getTime() > SETTLED_MS)
          world.fail(name, `nothing says what became of the permit ${attemptId}`, [attemptId, callId]);
    },
  };
}
