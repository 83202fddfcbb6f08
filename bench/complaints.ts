// npm run bench -- --only complaints: the board of 100,000 cases, an import of 10,000, and clocks that fall due, also while nothing ran. Routes, gateway and watch as in the product, on the embedded stores.
import { randomUUID } from 'node:crypto';
import { createMongoComplaints } from '../services/complaints/adapters/mongo-complaints.js';
import type { Complaint } from '../services/complaints/cases/complaint.js';
import { complaintKinds } from '../services/complaints/clock/deadline-rule.js';
import { ComplaintRig } from '../test/integration/complaints/complaint-rig.js';
import { until } from '../test/support/until.js';
import { percentile, report } from './support/report.js';

const asked = process.argv.indexOf('--size');
const CASES = asked < 0 ? 100_000 : Number(process.argv[asked + 1]);
const BATCH = 2_000;
const ROUNDS = 150;
const IMPORTED = 10_000;
const DUE_ALONE = 20;
const DUE_WHILE_DOWN = 1_000;
const DAY_MS = 86_400_000;
const now = Date.now();

/** Two years of cases: most are closed, 3,000 of 100,000 are open, some of those late. */
function complaint(i: number, size: number): Complaint {
  const receivedAt = new Date(now - ((size - i) / size) * 730 * DAY_MS);
  const open = i >= size * 0.97;
  const dueAt = new Date(receivedAt.getTime() + 15 * DAY_MS);
  const stopped = open ? {} : { stoppedAt: new Date(receivedAt.getTime() + 4 * DAY_MS) };
  return {
    id: `case-${i}`,
    number: `TS-${i}`,
    state: open ? (i % 2 === 0 ? 'open' : 'in-hand') : 'closed',
    source: 'phone',
    kind: complaintKinds[i % complaintKinds.length] ?? 'other',
    province: '上海',
    clientUnit: `unit-${i % 40}`,
    queueId: `queue-${i % 12}`,
    complainant: { numberMasked: '138****0000', numberHash: `hash-${i % 60_000}` },
    text: 'x'.repeat(200),
    receivedAt,
    callIds: [`call-${i}`],
    againstAgentId: `agent-${i % 200}`,
    clocks: [
      {
        ruleId: 'default',
        ruleVersion: 1,
        basis: 'x',
        confirmed: true,
        startedAt: receivedAt,
        targetAt: new Date(receivedAt.getTime() + 5 * DAY_MS),
        dueAt,
        // Every step that was due has been taken, so nothing falls due while the board is measured.
        remindedAt: receivedAt,
        escalatedAt: receivedAt,
        ...(i % 50 === 0 || (open && dueAt.getTime() < now) ? { overdueAt: dueAt } : {}),
        ...stopped,
      },
    ],
    answers: open ? [] : [{ at: receivedAt, by: 'boss', how: 'letter', text: 'sorry' }],
    evidence: [],
    actions: [{ at: new Date(now), by: 'boss', what: 'opened' }],
    revision: 1,
    ...(open ? {} : { closedAt: receivedAt, upheld: i % 3 === 0 }),
  };
}

await using rig = await ComplaintRig.start([
  ['boss', 'supervisor'],
  ['unit', 'supervisor', { clientUnits: ['unit-1'] }],
]);
const store = createMongoComplaints(rig.stores.mongo);
await rig.stores.mongo.asPromise();
for (let from = 0; from < CASES; from += BATCH)
  await store.add(Array.from({ length: Math.min(BATCH, CASES - from) }, (_, i) => complaint(from + i, CASES)));

const get = async (who: string, path: string): Promise<void> => {
  const { status } = await rig.ask(who, 'GET', path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
};

/** The requests that the page makes when it opens, in parallel. */
async function board(): Promise<void> {
  for (const [who, whose] of [
    ['boss', 'whole centre'],
    ['unit', 'one client unit of forty'],
  ] as const)
    for (const [name, list] of [
      ['newest first', '/complaints?limit=20&skip=0'],
      ['overdue', '/complaints?clock=overdue&limit=20&skip=0'],
    ] as const) {
      const took: number[] = [];
      await Promise.all([get(who, '/complaints/board'), get(who, list)]);
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedAt = performance.now();
        await Promise.all([get(who, '/complaints/board'), get(who, list)]);
        took.push(performance.now() - startedAt);
      }
      const what = `board of ${CASES.toLocaleString('en')} cases, ${name}, ${whose}`;
      report({ what: `${what}, median`, value: percentile(took, 0.5), unit: 'ms' });
      report({ what: `${what}, p99`, value: percentile(took, 0.99), unit: 'ms', target: '<= 300 ms' });
    }
}

async function importing(): Promise<void> {
  const worker = rig.worker();
  await worker.start();
  const lines = Array.from(
    { length: IMPORTED },
    (_, i) => `mail,waiting,139${String(i).padStart(8, '0')},waited too long,2026-03-02T02:00:00Z`,
  );
  const startedAt = performance.now();
  const taken = await rig.ask('boss', 'POST', '/complaints/import', ['source,kind,number,text,receivedAt', ...lines].join('\n'));
  if (taken.status !== 200) throw new Error(`the import answered ${taken.status}`);
  const answeredMs = performance.now() - startedAt;
  const { importId } = taken.body as { importId: string };
  await until(
    () => rig.ask('boss', 'GET', `/complaints/import/${importId}`),
    ({ body }) => (body as { finished: boolean }).finished,
    300_000,
  );
  report({ what: `import of ${IMPORTED.toLocaleString('en')} cases, checked and committed`, value: answeredMs / 1_000, unit: 's' });
  const allMs = performance.now() - startedAt;
  report({
    what: `import of ${IMPORTED.toLocaleString('en')} cases, all of them there`,
    value: allMs / 1_000,
    unit: 's',
    target: '<= 30 s',
  });
  // Their deadlines passed long ago: wait until the watch has handled them all.
  const left = (): Promise<number> => rig.stores.mongo.collection('complaints').countDocuments({ nextStepAt: { $lte: new Date() } });
  await until(left, (count) => count === 0, 300_000);
  await worker.stop();
}

const due = (dueAt: Date, i: number): Complaint => {
  const made = complaint(i, CASES);
  const [clock] = made.clocks;
  if (clock === undefined) throw new Error('a case has a clock');
  const { stoppedAt: _stoppedAt, overdueAt: _overdueAt, ...running } = clock;
  const id = randomUUID();
  return { ...made, id, number: id, state: 'open', clocks: [{ ...running, dueAt }] };
};

async function clocks(): Promise<void> {
  const fired = new Map<string, number>();
  rig.onTold((name, event) => {
    if (name === 'complaint.due' && 'complaintId' in event) fired.set(String(event.complaintId), Date.now());
  });
  const worker = rig.worker();
  await worker.start();
  const late: number[] = [];
  const alone = Array.from({ length: DUE_ALONE }, (_, i) => due(new Date(Date.now() + 1_000 + i * 500), i));
  await store.add(alone);
  await until(() => alone.every(({ id }) => fired.has(id)), Boolean, 60_000);
  for (const {
    id,
    clocks: [clock],
  } of alone)
    late.push((fired.get(id) ?? 0) - (clock?.dueAt.getTime() ?? 0));
  report({ what: 'a clock that falls due is told after, median', value: percentile(late, 0.5) / 1_000, unit: 's' });
  report({ what: 'a clock that falls due is told after, largest', value: Math.max(...late) / 1_000, unit: 's', target: '<= 5 s' });
  await worker.stop();

  const whileDown = Array.from({ length: DUE_WHILE_DOWN }, (_, i) => due(new Date(), i));
  await store.add(whileDown);
  const again = rig.worker();
  const startedAt = Date.now();
  await again.start();
  await until(() => whileDown.every(({ id }) => fired.has(id)), Boolean, 60_000);
  const last = Math.max(...whileDown.map(({ id }) => fired.get(id) ?? 0)) - startedAt;
  const what = `${DUE_WHILE_DOWN.toLocaleString('en')} clocks that fell due while nothing ran: told after the start, largest`;
  report({ what, value: last / 1_000, unit: 's', target: '<= 5 s' });
  await again.stop();
}

await board();
await importing();
await clocks();
