import { randomUUID } from 'node:crypto';
import { createMessages } from '../../../services/messages/index.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import type { MessageServers } from '../../support/servers/message-servers.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { accountOf, judged, type Round } from '../round.js';
import type { SecondProcess } from '../second-process.js';

const MAILS = 5;
const TO = 'office@centre.test';

interface Packs {
  readonly packs: readonly unknown[];
  readonly jobs: readonly { readonly jobId: string; readonly step: string; readonly state: string; readonly reason?: string }[];
}

/** The active process of `cases` is killed in the middle of a pack, with mails under way; `second` stands by. */
export async function casesRound(stack: Stack, servers: MessageServers, second: SecondProcess): Promise<Round> {
  const broken: string[] = [];
  const compliance = await stack.signIn('compliance');
  const packs = async (): Promise<Packs> => (await stack.http('GET', '/api/evidence/packs', { token: compliance })).body as Packs;
  const jobOf = async (jobId: string): Promise<Packs['jobs'][number] | undefined> =>
    (await packs()).jobs.find((job) => job.jobId === jobId);
  const order = async (): Promise<string> => {
    const day = new Date().toISOString().slice(0, 10);
    const body = { kind: 'inspection', from: day, to: day };
    const answer = await until(
      () => stack.http('POST', '/api/evidence/packs', { token: compliance, body }),
      ({ status }) => status === 200,
    );
    return (answer.body as { readonly jobId: string }).jobId;
  };

  const mongo = await connectMongo(stack.config);
  const bus = createValkeyBus({ url: stack.config.VALKEY_URL, log: silentLogger });
  const messages = createMessages({ config: stack.config, mongo, bus });
  const queued: string[] = [];
  const mail = async (): Promise<void> => {
    for (let i = 0; i < MAILS; i += 1) {
      const subject = `mail ${queued.length + 1}`;
      queued.push(subject);
      await messages.queue({ messageId: randomUUID(), way: 'mail', topic: { kind: 'alarm', id: subject }, to: TO, subject, text: subject });
    }
    for (const subject of queued) await servers.mails.find((letter) => letter.subject === subject);
  };
  try {
    await mail();
    const interrupted = await order();
    await until(
      () => jobOf(interrupted),
      (job) => job?.state === 'running' && job.step !== 'waiting',
      30_000,
    );
    const former = stack.pidOf('cases');
    const sinceMs = performance.now();
    process.kill(former, 'SIGKILL');
    await until(second.printed, (text) => text.includes('"msg":"ready"'), 60_000);
    const takenOverMs = Math.round(performance.now() - sinceMs);
    await mail();
    const left = await until(
      () => jobOf(interrupted),
      (job) => job?.state !== 'running',
      30_000,
    );
    if (left?.reason !== 'interrupted') broken.push(`the interrupted pack is ${left?.state ?? 'gone'} (${left?.reason ?? 'no reason'})`);
    const again = await order();
    const made = await until(
      () => jobOf(again),
      (job) => job?.state !== 'running',
      90_000,
    );
    if (made?.state !== 'sealed') broken.push(`the second pack is ${made?.state ?? 'gone'} (${made?.reason ?? 'no reason'})`);
    const sealed = (await packs()).packs.length;
    if (sealed !== 1) broken.push(`${sealed} packs are sealed`);
    for (const subject of queued) {
      const came = servers.mails.all.filter((letter) => letter.subject === subject).length;
      if (came !== 1) broken.push(`${subject} came ${came} times`);
    }
    await until(
      () => stack.logOf('cases'),
      (log) => log.includes('stands by'),
      60_000,
    );
    return judged({
      ...{ test: 'T13', fault: 'cases SIGKILL in the middle of a pack', calls: 0, dropped: 0, longestGapMs: 0 },
      ...(await accountOf(stack, [], servers.env)),
      facts: { 'a second process works after': `${takenOverMs} ms`, mails: String(queued.length), packs: String(sealed) },
      broken,
    });
  } finally {
    await bus.close();
    await mongo.close();
  }
}
