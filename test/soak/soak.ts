// npm run soak [-- --minutes 60 --calls 50 --outage-minutes 10 --only 'rtpengine SIGKILL,telephony SIGTERM']: the fault matrix in its long form.
// Exit code 0 only if no call was dropped, nothing that a witness saw was lost, and each figure is the same number wherever it is printed.
import { setTimeout as pause } from 'node:timers/promises';
import { RecorderRig, type Recorded } from '../integration/recording/recording-rig.js';
import { BareSeat } from '../support/bare-seat.js';
import { figureDifferences } from '../support/centre/figures-compared.js';
import { faultRound, faults, roundText, type FaultRound } from '../support/centre/fault-round.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const numberAfter = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(name);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} asks for a number`);
  return value;
};
const minutes = numberAfter('--minutes', 60);
const calls = numberAfter('--calls', 50);
const outageMinutes = numberAfter('--outage-minutes', Math.min(10, minutes / 4));
const only = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',') : undefined;
const chosen = faults.filter((fault) => only === undefined || only.includes(fault));
if (chosen.length === 0) throw new Error(`--only names faults: ${faults.join(', ')}`);
const MINUTE_MS = 60_000;
let failed = false;

const rounds = await killRounds();
for (const fault of chosen) {
  const own = rounds.filter((round) => round.fault === fault);
  if (own.length === 0) continue;
  const sum = (of: (round: FaultRound) => number): number => own.reduce((total, round) => total + of(round), 0);
  console.log(
    `total ${fault.padEnd(18)} ${own.length} rounds, ${sum((one) => one.calls)} calls, ${sum((one) => one.dropped)} dropped, ` +
      `${(sum(({ answeredMs }) => answeredMs) / 1_000).toFixed(0)} s answered, ${(sum(({ ms }) => ms.lost) / 1_000).toFixed(1)} s lost`,
  );
}
if (outageMinutes > 0) await storeOutage();
console.log(
  failed
    ? 'A call was dropped, something was lost that a witness saw, the ledger is not whole, or figures differ.'
    : 'No call was dropped, nothing was lost that a witness saw, and figures are the same everywhere.',
);
process.exit(failed ? 1 : 0);

/** Kills one process after another, until the time is over. */
async function killRounds(): Promise<FaultRound[]> {
  const stack = await Stack.start({ layout: 'roles' });
  const made: FaultRound[] = [];
  try {
    let seat = await takeSeat(stack);
    const untilMs = performance.now() + minutes * MINUTE_MS;
    for (let i = 0; performance.now() < untilMs || i < chosen.length; i += 1) {
      // Without anybody signed in the callers are sent away, and the round would show nothing.
      if (seat.isLost()) seat = await takeSeat(stack);
      const fault = chosen[i % chosen.length] ?? 'recorder SIGKILL';
      const round = await faultRound(stack, fault, { calls, beforeMs: 5_000, afterMs: 10_000 }).catch((error: unknown) => {
        console.log(`${new Date().toISOString()} ${fault}: the round came to no end (${String(error)})`);
        failed = true;
        return undefined;
      });
      if (round === undefined) continue;
      made.push(round);
      console.log(`${new Date().toISOString()} ${roundText(round)}`);
      // Where no witness was alive each gap is declared, and that is all that can be asked.
      if (round.dropped > 0 || round.ms.lost > (round.lostBy['no-witness'] ?? 0)) failed = true;
    }
    const compliance = await stack.signIn('compliance');
    const { body } = await stack.http('POST', '/api/ledger/check', { token: compliance, body: {} });
    const { ok, findings } = body as { ok: boolean; findings: { what: string; detail: string }[] };
    for (const { what, detail } of findings) console.log(`${what}: ${detail}`);
    failed ||= !ok;
    const { compared, differences } = await figuresOf(stack);
    for (const difference of differences.slice(0, 20)) console.log(difference);
    console.log(
      `figures of today by queue on the board, in reports of seven intervals and in a file: ${compared} compared, ${differences.length} differ`,
    );
    failed ||= compared === 0 || differences.length > 0;
  } finally {
    await stack[Symbol.asyncDispose]();
  }
  return made;
}

/** A killed process may owe a row: the board takes stored rows every 30 s. What differs after three times that is a fault. */
async function figuresOf(stack: Stack): ReturnType<typeof figureDifferences> {
  return until(
    () => figureDifferences(stack),
    ({ differences }) => differences.length === 0,
    90_000,
  ).catch(() => figureDifferences(stack));
}

/** A seat on a break. A page would recover by itself after losing its relay or its connection; this seat is opened again. */
async function takeSeat(stack: Stack): Promise<{ isLost(): boolean }> {
  const seat = await BareSeat.open(stack, 'agent1');
  let hungUp = false;
  void seat.phone.ended.then(() => (hungUp = true));
  await seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
  return {
    isLost() {
      const lost = hungUp || !seat.socket.connected;
      if (lost) {
        seat.socket.close();
        seat.phone.close();
      }
      return lost;
    },
  };
}

/** The object store away while calls come and end; all of them must be in it afterwards. */
async function storeOutage(): Promise<void> {
  const rig = await RecorderRig.start(31_000);
  try {
    const ended: { stored: Promise<void>; callId: string }[] = [];
    await rig.store.stop();
    const untilMs = performance.now() + outageMinutes * MINUTE_MS;
    for (let i = 0; performance.now() < untilMs || i === 0; i += 1) {
      const some: Recorded[] = await Promise.all([0, 1].map((place) => rig.answer(`outage-${i}-${place}`)));
      await pause(5_000);
      for (const one of some) ended.push({ callId: one.callId, stored: (await rig.end(one)).stored });
    }
    // The end of the last call may still be on its way to the recorder.
    const spool = await rig.commands.send('recorder.status', {});
    const waiting = Number(spool['live']) + Number(spool['waiting']);
    await rig.startStore();
    await Promise.all(ended.map(({ stored }) => stored));
    let lostMs = 0;
    for (const { callId } of ended) lostMs += (await rig.row(callId)).account?.ms.lost ?? Infinity;
    failed ||= lostMs > 0 || waiting !== ended.length;
    console.log(
      `object store away for ${outageMinutes} min: ${ended.length} calls, ${waiting} waited in the spool, all stored, ${lostMs / 1_000} s lost`,
    );
  } finally {
    await rig.stop();
  }
}
