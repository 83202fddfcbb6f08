import { expect, test } from '@jest/globals';
import { createOutboundDesk, type DialWish } from './desk.js';
import { usualFraudSettings } from '../shared/domain/fraud.js';
import type { Attempt, Consent, Stop } from './ports.js';
import { OUTER_WINDOW, type Refusal } from './refusal.js';

const NOW = new Date('2026-03-10T02:00:00Z');
const wish: DialWish = {
  callId: 'c1',
  agentId: 'anna',
  number: '13800000001',
  purpose: 'enquiry',
  ways: [
    { trunkId: 'inbound-trunk', from: '95100' },
    { trunkId: 'carrier', from: '4001000' },
    { trunkId: 'carrier', from: '95100' },
  ],
};
const row = { kind: '95', state: 'in-use', validUntil: '', outboundReason: '', clientId: 'C001', commitmentLetter: true };
const consent: Consent = {
  id: 'consent-7',
  numberHash: 'h13800000001',
  numberMasked: '138****0001',
  purposes: ['enquiry'],
  channel: 'web',
  givenAt: NOW,
  evidence: 'form 7',
  by: 'boss',
  at: NOW,
};

function office(change: { readonly consents?: readonly Consent[]; readonly stops?: readonly Stop[]; readonly refusal?: Refusal } = {}) {
  const attempts: Attempt[] = [];
  const audited: string[] = [];
  const desk = createOutboundDesk({
    refusals: {
      inForce: async () => change.refusal,
      put: async () => undefined,
      list: async () => ({ refusals: [], total: 0 }),
      forget: async () => undefined,
      withdraw: async () => false,
    },
    consents: {
      inForce: async (numberHash, purpose) =>
        (change.consents ?? [consent]).find(
          (each) => each.numberHash === numberHash && (each.purposes as readonly string[]).includes(purpose),
        ),
      put: async () => undefined,
      list: async () => ({ consents: [], total: 0 }),
      withdraw: async () => false,
    },
    attempts: {
      put: async (attempt) => void attempts.push(attempt),
      refusedByKey: async () => undefined,
      triesOf: async (hash) => attempts.filter(({ numberHash, allowed }) => numberHash === hash && allowed).map(({ at }) => at),
      list: async () => ({ attempts: [], total: 0 }),
    },
    settings: {
      read: async () => ({ window: OUTER_WINDOW, quiet: [] }),
      write: async () => undefined,
      stops: async () => [...(change.stops ?? [])],
      stop: async () => undefined,
      lift: async () => false,
    },
    fraudSettings: { read: async () => usualFraudSettings },
    register: {
      number: async (number) => (number === '95100' ? { ...row, direction: 'both' } : { ...row, direction: 'inbound-only' }),
      trunkCallsOut: async (trunkId) => trunkId !== 'inbound-trunk',
    },
    audit: async ({ what, reason = '' }) => void audited.push(`${what}:${reason}`),
    hashNumber: (number) => `h${number}`,
    localTime: () => ({ date: '2026-03-10', minuteOfDay: 600 }),
    now: () => NOW,
  });
  return { desk, attempts, audited };
}

test('shows the first number that the register permits, on a trunk that calls out, and writes the try down', async () => {
  const { desk, attempts } = office();
  expect(await desk.permit(wish)).toEqual({ trunkId: 'carrier', from: '95100', consentId: 'consent-7' });
  expect(attempts).toEqual([
    expect.objectContaining({ callId: 'c1', allowed: true, from: '95100', numberMasked: '138****0001', consentId: 'consent-7' }),
  ]);
});

test('a person who asked for the call in an earlier one has consented to it', async () => {
  const { desk } = office({ consents: [] });
  await expect(desk.permit(wish)).rejects.toMatchObject({ code: 'outbound-consent' });
  expect(await desk.permit({ ...wish, callId: 'c2', askedIn: 'c0' })).toMatchObject({ consentId: 'call:c0' });
});

const stop = (scope: Stop['scope'], value: string): Stop => ({
  id: 's',
  scope,
  value,
  reason: 'complaints',
  by: 'boss',
  byName: 'Boss',
  at: NOW,
});
test.each<[name: string, change: Parameters<typeof office>[0], asked: Partial<DialWish>, code: string, reason: string]>([
  ['a number of inbound calls only', {}, { ways: [{ trunkId: 'carrier', from: '4001000' }] }, 'outbound-number', 'number-not-usable'],
  ['no number at all', {}, { ways: [] }, 'outbound-number', 'number-not-usable'],
  ['marketing', {}, { purpose: 'marketing' }, 'outbound-purpose', 'purpose-not-allowed'],
  ['another purpose than was agreed to', {}, { purpose: 'service-notice' }, 'outbound-consent', 'no-consent'],
  ['a platform that is stopped', { stops: [stop('platform', '')] }, {}, 'outbound-stopped', 'stopped'],
  ['a number that is stopped', { stops: [stop('number', '95100')] }, {}, 'outbound-stopped', 'stopped'],
  ['a client unit that is stopped', { stops: [stop('client', 'C001')] }, {}, 'outbound-stopped', 'stopped'],
  [
    'a person who refused, whatever was agreed to before',
    { refusal: { numberHash: '', numberMasked: '', reason: 'asked-by-voice', source: '', at: NOW, by: '' } },
    {},
    'outbound-do-not-call',
    'refused-by-person',
  ],
])('%s is refused, written down and audited', async (_name, change, asked, code, reason) => {
  const { desk, attempts, audited } = office(change);
  await expect(desk.permit({ ...wish, ...asked })).rejects.toMatchObject({ code });
  expect(attempts).toEqual([expect.objectContaining({ allowed: false, reason })]);
  expect(audited).toEqual([`outbound.refused:${reason}`]);
});

test('another number that is stopped stops nothing', async () => {
  const { desk } = office({ stops: [stop('number', '95200'), stop('client', 'C002')] });
  expect(await desk.permit(wish)).toMatchObject({ from: '95100' });
});

test('wishes that come at once do not pass the cap together', async () => {
  const { desk, attempts } = office();
  const answers = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((callId) => desk.permit({ ...wish, callId })));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(attempts.filter(({ reason }) => reason === 'too-often')).toHaveLength(2);
});
