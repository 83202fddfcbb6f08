import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { openValkey } from '../../../services/shared/platform/events/valkey-client.js';
import { Holder } from '../../../services/shared/platform/processes/role-lease.js';
import { BareSeat } from '../../support/bare-seat.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { accountOf, Callers, judged, type Round } from '../round.js';

/** What is promised; `npm test` runs beside other work and allows more. */
export const DECIDES_WITHIN_MS = 3_000;
const SLEEPS_MS = 10_000;
const [CALLER_HERTZ, AGENT_HERTZ] = [440, 660];

export type LeaderFault = 'SIGKILL' | 'SIGSTOP and SIGCONT';

/** The process that leads routing. */
export async function leaderPid(stack: Stack): Promise<number> {
  const valkey = openValkey(stack.config.VALKEY_URL, { maxRetriesPerRequest: null });
  try {
    const holder = await until(
      () => valkey.get('proofline:routing:lease'),
      (held) => held !== null,
    );
    return Holder.parse(JSON.parse(holder ?? '')).pid;
  } finally {
    valkey.disconnect();
  }
}

/** Every order to ring a seat, in the order in which telephony heard it. */
async function witnessOrders(valkey: Redis): Promise<{ readonly tokens: number[] }> {
  const tokens: number[] = [];
  valkey.on('message', (_channel: string, text: string) => {
    const { input } = JSON.parse(text) as { readonly input: { readonly fencingToken?: number } };
    tokens.push(input.fencingToken ?? 0);
  });
  await valkey.subscribe('proofline:command:call.offer');
  return { tokens };
}

/** Watches what a seat is offered; two calls at a time are a fault. */
function witnessOffers(seat: BareSeat, name: string, broken: string[]): { next(): Promise<OfferedCall & { readonly atMs: number }> } {
  const open = new Map<string, string>();
  const waiting: ((offer: OfferedCall & { readonly atMs: number }) => void)[] = [];
  const early: (OfferedCall & { readonly atMs: number })[] = [];
  seat.socket.on('call:offered', (offer: OfferedCall) => {
    for (const [other, callId] of open)
      if (other !== offer.offerId && callId !== offer.callId) broken.push(`${name} was offered two calls`);
    open.set(offer.offerId, offer.callId);
    const seen = { ...offer, atMs: performance.now() };
    const taker = waiting.shift();
    if (taker === undefined) early.push(seen);
    else taker(seen);
  });
  seat.socket.on('call:offer-ended', ({ offerId }: { readonly offerId: string }) => void open.delete(offerId));
  return {
    next() {
      const seen = early.shift();
      return seen === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(seen);
    },
  };
}

/**
 * T7: the leader of routing is killed, or suspended while another takes its place, with one call connected, one ringing and one waiting. A
 * second process of routing stands by.
 */
export async function leaderRound(stack: Stack, fault: LeaderFault, withinMs = DECIDES_WITHIN_MS): Promise<Round> {
  const broken: string[] = [];
  const callers = new Callers();
  const orders = openValkey(stack.config.VALKEY_URL, { maxRetriesPerRequest: null });
  const { tokens } = await witnessOrders(orders);
  const seats = [await BareSeat.open(stack, 'agent1'), await BareSeat.open(stack, 'agent2')] as const;
  const [first, second] = [witnessOffers(seats[0], 'agent1', broken), witnessOffers(seats[1], 'agent2', broken)];
  const dial = async (): Promise<SipPhone> => {
    const { address, port } = stack.sip;
    const options = { server: stack.sip, local: '127.0.0.1', from: `sip:13800000001@${address}` };
    const phone = callers.add(await SipPhone.open(options, `sip:4001000@${address}:${port}`));
    const status = await phone.call();
    if (status !== 200) throw new Error(`a caller was answered ${status}`);
    phone.sound.play(CALLER_HERTZ);
    return phone;
  };
  const answer = async (seat: BareSeat, { callId, offerId }: OfferedCall, caller: SipPhone): Promise<void> => {
    await seat.ask('call:answer', { callId, offerId });
    seat.phone.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, 10_000);
  };
  try {
    await seats[0].ready();
    const talking = await dial();
    const talk = await first.next();
    await answer(seats[0], talk, talking);
    callers.watch(talking);
    await seats[1].ready();
    const ringing = await dial();
    const ring = await second.next();
    const waiting = await dial();

    const leader = await leaderPid(stack);
    const sinceMs = performance.now();
    process.kill(leader, fault === 'SIGKILL' ? 'SIGKILL' : 'SIGSTOP');
    // Only a leader can make a call ring again: the seat gets whichever of the two comes first then.
    await seats[1].ask('call:decline', { callId: ring.callId });
    const next = await second.next();
    const decidedMs = Math.round(next.atMs - sinceMs);
    if (decidedMs > withinMs) broken.push(`nobody decided for ${decidedMs} ms`);
    const [one, other] = next.callId === ring.callId ? [ringing, waiting] : [waiting, ringing];
    await answer(seats[1], next, one);
    if (fault !== 'SIGKILL') {
      await pause(Math.max(0, SLEEPS_MS - (performance.now() - sinceMs)));
      process.kill(leader, 'SIGCONT');
      await until(() => isGone(leader), Boolean, 20_000);
    }
    // Nobody left the queue: the last caller is answered by whoever is free first.
    callers.hangUp(one);
    await seats[1].ready();
    const last = await second.next();
    await answer(seats[1], last, other);
    const longestGapMs = callers.longestGapMs();
    for (const phone of [talking, other]) callers.hangUp(phone);
    if (tokens.some((token, at) => token < Math.max(0, ...tokens.slice(0, at)))) broken.push('an order of the former leader went out');
    if (new Set(tokens).size < 2) broken.push('all orders carry one token');
    const callIds = [...new Set([talk.callId, ring.callId, next.callId, last.callId])];
    if (callIds.length !== 3) broken.push(`${callIds.length} calls came of 3`);
    return judged({
      ...{ test: 'T7', fault: `routing's leader ${fault}`, calls: callIds.length, dropped: callers.dropped, longestGapMs },
      ...(await accountOf(stack, callIds)),
      facts: { 'decides again after': `${decidedMs} ms`, orders: String(tokens.length), turns: String(new Set(tokens).size) },
      broken,
    });
  } finally {
    callers.close();
    orders.disconnect();
    for (const seat of seats) await seat.leave();
  }
}

/** Whether a process has ended: a former leader exits when it learns that another decides. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
