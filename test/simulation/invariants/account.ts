import { clip, intersect, subtract, total, union, type Interval } from '../../../services/recording/media/intervals.js';
import type { StretchKind } from '../../../services/recording/ledger/account.js';
import type { LedgerRow } from '../../../services/recording/ledger/ports.js';
import { PACKET_MS } from '../models/sound.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

/** The gap between two packets plus the time that it takes to request a copy: a shorter stretch says nothing. */
const EDGE_MS = 2 * PACKET_MS + 250;
/** Silence between words belongs to what is recorded (docs/recording-ledger.md). */
const BRIDGED_MS = 1_000;
/** From the page to the recorder and back. */
const ORDERED_MS = 3_000;
/** A recorder that was away when a pause ended is told to resume once a second. */
const PAUSED_BEYOND_MS = 8_000;
/** A recorder that starts, or lacks a copy, has the copy after this time. */
const COPIED_WITHIN_MS = 15_000;
const LOOKED_EVERY_MS = 250;

/** Every answered millisecond has one name; what a witness had is never called lost, and what was paused is not there. */
export function accountInvariant(world: World): Invariant {
  const name = 'account';
  const { archive, sound, stores } = world;
  const waitFor = createPatience(world, name);
  /** The times when the page showed a pause, by call. */
  const shown = new Map<string, { from: number; to: number }[]>();

  function judge(row: LedgerRow): void {
    const { callId, account, answeredAt, endedAt } = row;
    if (account === undefined || answeredAt === undefined || endedAt === undefined) return;
    const fail = (text: string): void => world.fail(name, `${callId}: ${text}`, [callId]);
    const fromMs = Date.parse(answeredAt);
    const answered = { from: fromMs, to: Date.parse(endedAt) };
    const of = (kind: StretchKind): Interval[] =>
      account.stretches.flatMap((each) => (each.kind === kind ? [{ from: fromMs + each.fromMs, to: fromMs + each.toMs }] : []));
    const all = account.stretches.reduce((sum, { fromMs: from, toMs }) => sum + toMs - from, 0);
    if (all !== account.answeredMs || Math.abs(total([answered]) - all) > 1)
      fail(`the account has ${all} ms, and the call was answered for ${total([answered])} ms`);
    const { copies, capture } = sound.witnessed(callId);
    const had = clip(union([...copies, ...capture]), answered);
    const lost = longest(intersect(of('lost'), had));
    if (lost > EDGE_MS) fail(`${lost} ms that a witness had are called lost: ${JSON.stringify(account.stretches)}`);
    const silent = longest(intersect(of('no-media'), had));
    if (silent > EDGE_MS) fail(`${silent} ms in which a witness had sound are called silent: ${JSON.stringify(account.stretches)}`);
    const invented = longest(subtract(of('recorded'), union(had, BRIDGED_MS)));
    if (invented > EDGE_MS) fail(`${invented} ms that no witness had are called recorded: ${JSON.stringify(account.stretches)}`);
    const around = (shown.get(callId) ?? []).map(({ from, to }) => ({ from: from - ORDERED_MS, to: to + PAUSED_BEYOND_MS }));
    const beyond = longest(subtract(union(of('paused')), union(around)));
    if (beyond > PAUSED_BEYOND_MS)
      fail(`${beyond} ms are called paused in which the page showed no pause: ${JSON.stringify(account.stretches)}`);
    const pauses = (shown.get(callId) ?? []).flatMap(({ from, to }) => (to - ORDERED_MS > from ? [{ from: from + ORDERED_MS, to }] : []));
    const kept = longest(intersect(union([...of('recorded'), ...of('no-media')]), union(pauses)));
    if (kept > EDGE_MS) fail(`${kept} ms that the page showed as paused are in the recording`);
  }

  archive.onSettled.push(judge);
  return {
    name,
    sentence:
      'docs/recording-ledger.md: each answered millisecond gets exactly one of four names; what a witness had is recorded, time that the recorder missed is filled from the relay’s capture, and each call that was answered has its account.',
    tick() {
      const { nowMs } = world.scheduler;
      for (const { call } of stores.calls.values()) {
        const isRecorded = !call.answered || call.stage.kind === 'ended' || !world.relay.up || sound.isCopied(call.id);
        waitFor(`${call.id}/copies`, !isRecorded, COPIED_WITHIN_MS, () => `nobody copies ${call.id}, which goes on`, [call.id]);
        if (call.recording !== 'paused') continue;
        const pauses = shown.get(call.id) ?? [];
        shown.set(call.id, pauses);
        const last = pauses.at(-1);
        if (last !== undefined && nowMs - last.to <= 2 * LOOKED_EVERY_MS) last.to = nowMs;
        else pauses.push({ from: nowMs, to: nowMs });
      }
    },
    end() {
      for (const { callId, number, state, account } of archive.rows.values()) {
        const record = stores.records.get(callId);
        const isAnswered = record?.answeredAt !== undefined;
        if (isAnswered ? account === undefined : state !== 'not-answered')
          world.fail(name, `ledger number ${number} of ${callId} (${isAnswered ? 'answered' : 'not answered'}) ends as ${state}`, [callId]);
        if (isAnswered && sound.hasCapture(callId)) world.fail(name, `the capture of ${callId} outlives its account`, [callId]);
      }
      const left = archive.inSpool();
      if (left.length > 0) world.fail(name, `the spool still has ${left.join()}`, left);
    },
  };
}

const longest = (intervals: readonly Interval[]): number => intervals.reduce((most, { from, to }) => Math.max(most, to - from), 0);
