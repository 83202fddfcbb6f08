import { expect, test } from '@jest/globals';
import type { Probe } from '../../probes/probe.js';
import type { Facts } from '../../../shared/domain/licence/probe-row.js';
import { createTimeSource } from './time-source.js';

const probe = (subject: string, facts: Facts): Probe => ({
  name: subject,
  read: async () => [{ subject, kind: 'clock', facts, raw: '' }],
});
const timesyncd = probe('clock:time-service', { name: 'systemd-timesyncd', offsetMs: 0, roundTripMs: 0, synchronised: true });
const server = probe('clock:ntp:time.example.cn', { offsetMs: 7_200_000.4, roundTripMs: 3, stratum: 2, synchronised: true });

test('an offset that systemd-timesyncd never measured is that of a server, or missing', async () => {
  expect(await createTimeSource([], [timesyncd, server])()).toEqual({ source: 'systemd-timesyncd', offsetMs: 7_200_000 });
  expect(await createTimeSource([], [timesyncd])()).toEqual({ source: 'systemd-timesyncd' });
  expect(await createTimeSource([], [server])()).toEqual({ source: 'ntp:time.example.cn', offsetMs: 7_200_000 });
});
