import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createMongoRecordings } from '../../../services/recording/archive/adapters/mongo-recordings.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { BusyHouse } from '../../support/centre/busy-house.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import type { Restartable } from '../../support/servers/outside-servers.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { hangUpAll } from '../hang-up-all.js';
import { openNumber } from '../open-number.js';
import { accountOf, Callers, judged, type Round } from '../round.js';

const NUMBER = '4001099';
const SETTLED_MS = 1_000;

/**
 * T11: the object store is killed during calls, half of which end while it is away. Every recording waits on the disk of the recorder, and is
 * stored and locked once the store is back. `objects` is the store of the product.
 */
export async function objectsRound(stack: Stack, objects: Restartable, { talking }: { readonly talking: number }): Promise<Round> {
  const broken: string[] = [];
  const callers = new Callers();
  const { address, port } = stack.sip;
  const dial = async (): Promise<SipPhone> =>
    callers.add(
      await SipPhone.open(
        { server: stack.sip, local: '127.0.0.1', from: `sip:138${randomInt(1e7, 1e8)}@${address}` },
        `sip:${NUMBER}@${address}:${port}`,
      ),
    );
  const admin = await stack.signIn('admin');
  const waiting = async (): Promise<number> => {
    const { body } = await stack.http('GET', '/api/system/status', { token: admin });
    return (body as { readonly recorder?: { readonly waiting?: number } }).recorder?.waiting ?? 0;
  };
  let house: BusyHouse | undefined;
  const mongo = await connectMongo(stack.config);
  try {
    await openNumber(stack, NUMBER, ['127.0.0.1']);
    const none = { waiting: 0, held: 0, parked: 0, transferred: 0, conferences: 0 };
    house = await BusyHouse.open(stack, dial, { ...none, talking }, '127.0.0.1');
    const [early, late] = [house.talks.slice(0, talking / 2), house.talks.slice(talking / 2)];
    for (const { caller } of late) callers.watch(caller);
    await pause(SETTLED_MS);
    const sinceMs = performance.now();
    await objects.kill();
    const endedMs = [await hangUpAll(early, callers)];
    await until(waiting, (count) => count === early.length, 30_000);
    await house.holdAndResume(late);
    await objects.start();
    const awayMs = Math.round(performance.now() - sinceMs);
    const longestGapMs = callers.longestGapMs();
    endedMs.push(await hangUpAll(late, callers));
    const callIds = house.talks.map(({ callId }) => callId);
    const account = await accountOf(stack, callIds);
    const found = await Promise.all(callIds.map((callId) => createMongoRecordings(mongo).find(callId)));
    const locked = found.filter((recording) => recording?.lockedUntil !== undefined).length;
    if (locked !== callIds.length) broken.push(`only ${locked} of ${callIds.length} recordings are locked`);
    return judged({
      ...{ test: 'T11', fault: 'object store SIGKILL', calls: talking, dropped: callers.dropped, longestGapMs },
      ...account,
      facts: {
        'the store was away for': `${awayMs} ms`,
        locked: `${locked} of ${callIds.length}`,
        'hang-ups reach the other side within': `${Math.max(...endedMs)} ms`,
      },
      broken,
    });
  } finally {
    callers.longestGapMs();
    await house?.[Symbol.asyncDispose]();
    await mongo.close();
  }
}
