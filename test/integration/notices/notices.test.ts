import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { startDocumentStore } from '../../../infra/embedded/documents/index.js';
import { createDingtalkRobot, createWecomRobot } from '../../../services/messages/adapters/robot-providers.js';
import { UndeliverableError, type Provider } from '../../../services/messages/ports.js';
import { createMongoAlarmSettings } from '../../../services/notices/adapters/mongo-alarm-settings.js';
import { createMongoAlarms } from '../../../services/notices/adapters/mongo-alarms.js';
import type { Raised } from '../../../services/notices/alarm.js';
import { createAlarmDesk, createAlarmIntake } from '../../../services/notices/alarm-service.js';
import { createNotifier } from '../../../services/notices/notifier.js';
import type { Messenger } from '../../../services/notices/ports.js';
import { codesOf, receives, type AlarmRules } from '../../../services/notices/receivers.js';
import { roles, type Principal, type Role, type Scope } from '../../../services/shared/domain/people/rights.js';
import { createSecretCipher } from '../../../services/shared/platform/stores/secret-cipher.js';
import { removeFolder, temporaryFolder } from '../recording/recording-support.js';

// Alarms on the embedded document store: incidents that outlive a process, who gets which, what leaves the pages when. The clock is moved by hand.

const START = Date.parse('2026-03-10T02:00:00Z');
const MINUTE_MS = 60_000;
const WHOLE: Scope = { queues: [], sites: [], clientUnits: [] };

let folder: string;
let documents: Awaited<ReturnType<typeof startDocumentStore>>;
let mongo: mongoose.Connection;
let nowMs = START;
let lastId = 0;
const now = (): Date => new Date(nowMs);
const queued: Parameters<Messenger['queue']>[0][] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  documents = await startDocumentStore({ folder });
  mongo = await mongoose.createConnection(`${documents.uri}proofline`).asPromise();
});
afterAll(async () => {
  await mongo.close();
  await documents.close();
  await removeFolder(folder);
});
beforeEach(async () => {
  await mongo.dropDatabase();
  queued.length = 0;
  nowMs = START;
});

const person = (role: Role, scope: Scope = WHOLE): Principal => ({ userId: `u-${role}`, name: role, sessionId: 's', roles: [role], scope });

/** What one process has; a second one on the same store is a restart. */
function opened() {
  const alarms = createMongoAlarms(mongo);
  const settings = createMongoAlarmSettings(mongo, createSecretCipher([Buffer.alloc(32, 7).toString('base64')], 'alarm contacts'));
  const bus = { publish: async () => undefined };
  const needs = { alarms, settings, bus, now };
  return {
    alarms,
    settings,
    intake: createAlarmIntake({ ...needs, newId: () => `a${(lastId += 1)}` }),
    desk: createAlarmDesk({ ...needs, audit: async () => undefined }),
    send: createNotifier({
      ...needs,
      receivers: async () => roles.map((role) => person(role)),
      messenger: { canSend: (way) => way === 'mail', queue: async (message) => void queued.push(message) },
      minuteOf: (at) => at.getUTCHours() * 60 + at.getUTCMinutes(),
      timeText: (at) => at.toISOString(),
      pagesAt: undefined,
    }),
  };
}

const raised = (code: Raised['code'], subject = '', whose: Pick<Raised, 'queueId' | 'clientUnit'> = {}): Raised => ({
  eventId: `e${nowMs}${code}${subject}`,
  at: now(),
  code,
  subject,
  ...whose,
  text: { en: 'what happened', 'zh-CN': '发生了什么' },
});

test('what a person is listed is what the person receives, for every role and scope', async () => {
  const { intake, alarms, desk, settings } = opened();
  const rules: AlarmRules = { 'clock-drift': { people: ['u-supervisor'], roles: ['security-admin'], ways: [], escalationMinutes: 0 } };
  for (const [code, rule] of Object.entries(rules)) await settings.setRule(code as 'clock-drift', rule);
  for (const queueId of [undefined, 'q1', 'q2'])
    for (const clientUnit of [undefined, 'bank', 'shop'])
      for (const code of ['complaint-overdue', 'clock-drift', 'spool-nearly-full'] as const)
        await intake.raised(
          raised(code, `${queueId}/${clientUnit}`, {
            ...(queueId === undefined ? {} : { queueId }),
            ...(clientUnit === undefined ? {} : { clientUnit }),
          }),
        );
  const everybody = await alarms.due(now(), 100);
  expect(everybody).toHaveLength(27);
  const scopes: Scope[] = [
    WHOLE,
    { ...WHOLE, queues: ['q1'] },
    { ...WHOLE, clientUnits: ['bank'] },
    { ...WHOLE, queues: ['q2'], clientUnits: ['shop'] },
    { ...WHOLE, sites: ['s1'] },
    { ...WHOLE, sites: ['s1'], clientUnits: ['bank'] },
  ];
  let listed = 0;
  for (const role of roles)
    for (const scope of scopes) {
      const principal = person(role, scope);
      const search = await desk.searchOf(principal);
      expect(search.codes).toEqual(codesOf(principal, rules));
      const { alarms: found, total } = await alarms.list(search, { states: ['open'], skip: 0, limit: 100 });
      const due = everybody.filter((alarm) => receives(principal, alarm, rules)).map(({ id }) => id);
      expect([role, scope, found.map(({ id }) => id).sort(), total]).toEqual([role, scope, due.sort(), due.length]);
      expect((await alarms.counts(search)).open).toBe(total);
      listed += total;
    }
  expect(listed).toBeGreaterThan(50);
});

test('an alarm is sent once, and on to the administrators when nobody sees it, also after a restart; seen in time, it is not', async () => {
  const first = opened();
  await first.settings.setContact('u-compliance', { mail: 'li@centre.test' });
  await first.settings.setContact('u-security-admin', { mail: 'boss@centre.test' });
  await first.intake.raised(raised('object-lock-broken'));
  await first.send();
  await first.send();
  expect(queued.map(({ to }) => to)).toEqual(['li@centre.test']);
  nowMs += 15 * MINUTE_MS;
  const second = opened();
  await second.send();
  expect(queued.slice(1).map(({ to, subject }) => [to, subject.includes('Unseen')])).toEqual([
    ['li@centre.test', true],
    ['boss@centre.test', true],
  ]);
  // The people to whom it was escalated have it on their page, and may handle it.
  const { alarms: theirs } = await second.alarms.list(await second.desk.searchOf(person('security-admin')), {
    states: ['open'],
    skip: 0,
    limit: 9,
  });
  await second.desk.seen(person('security-admin'), theirs[0]?.id ?? '', '');
  nowMs += 24 * 60 * MINUTE_MS;
  expect(await second.send()).toBe(0);
  expect(new Set(queued.map(({ messageId }) => messageId)).size).toBe(3);
});

test('in quiet hours nothing leaves but what is critical; what has ended by the morning is not sent', async () => {
  const { settings, intake, send } = opened();
  await settings.setContact('u-compliance', { mail: 'li@centre.test' });
  await settings.setQuiet({ fromMinute: 60, toMinute: 180 });
  await intake.raised(raised('complaint-overdue', 'a'));
  await intake.raised(raised('complaint-overdue', 'b'));
  await intake.raised(raised('complaint-overdue', 'c'));
  await intake.raised(raised('recording-missing'));
  await send();
  expect(queued.map(({ subject }) => subject)).toEqual([expect.stringContaining('A recording is missing')]);
  nowMs += 30 * MINUTE_MS;
  await intake.cleared({ code: 'complaint-overdue', subject: 'a', at: now() });
  nowMs += 30 * MINUTE_MS;
  await send();
  // Two of one kind leave in one message; the critical one has been escalated meanwhile.
  const [mail, ...more] = queued.filter(({ subject }) => subject.includes('past its deadline'));
  expect([mail?.subject, more]).toEqual([expect.stringContaining('×2'), []]);
});

test('a person without the alarm finds none there; addresses are stored sealed', async () => {
  const { intake, desk, alarms, settings } = opened();
  await intake.raised(raised('audit-chain-broken'));
  const [alarm] = await alarms.due(now(), 1);
  await expect(desk.seen(person('supervisor'), alarm?.id ?? '', '')).rejects.toMatchObject({ code: 'not-found' });
  await desk.clear(person('auditor'), alarm?.id ?? '', 'a test of the check', '');
  await expect(desk.clear(person('auditor'), alarm?.id ?? '', 'twice', '')).rejects.toMatchObject({ code: 'wrong-state' });
  await settings.setContact('u1', { mail: 'somebody@centre.test', mobile: '13800000001' });
  const stored = JSON.stringify(await mongo.collection('alarm_contacts').find({}).toArray());
  expect(stored).not.toMatch(/somebody|13800000001/);
  expect((await settings.contactsOf(['u1'])).get('u1')).toEqual({ mail: 'somebody@centre.test', mobile: '13800000001' });
  expect(await alarms.forgetClearedBefore(new Date(nowMs + MINUTE_MS))).toBe(1);
});

test('what a robot answers decides whether it is tried again', async () => {
  const answers: [status: number, body: string][] = [];
  const server: Server = createServer((_request, response) => {
    const [status, body] = answers.shift() ?? [500, ''];
    response.writeHead(status, { location: '/elsewhere' }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send?key=k`;
  const message = { messageId: 'm', way: 'wecom', to: 'wecom', subject: 's', text: 't', topic: { kind: 'alarm', id: 'a' } } as const;
  const outcome = async (robot: Provider, status: number, body: string): Promise<string> => {
    answers.push([status, body]);
    return robot.send(message).then(
      () => 'taken',
      (error: unknown) => (error instanceof UndeliverableError ? 'for good' : 'again'),
    );
  };
  const [wecom, dingtalk] = [createWecomRobot({ url }), createDingtalkRobot({ url, secret: 'SEC12345' })];
  for (const robot of [wecom, dingtalk]) {
    expect(await outcome(robot, 200, '{"errcode":0,"errmsg":"ok"}')).toBe('taken');
    expect(await outcome(robot, 200, '{"errcode":45009}')).toBe('again');
    expect(await outcome(robot, 200, '{"errcode":310000}')).toBe('for good');
    expect(await outcome(robot, 200, '<html>a page of a proxy</html>')).toBe('again');
    expect(await outcome(robot, 404, '')).toBe('for good');
    expect(await outcome(robot, 503, '')).toBe('again');
    // A redirect is not followed: only the address that the site has set is posted to.
    expect(await outcome(robot, 302, '')).toBe('again');
  }
  expect(answers).toEqual([]);
  server.close();
  server.closeAllConnections();
});
