import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createGate, createPermitBook } from '../../../services/outbound/index.js';
import type { LeaveRequest } from '../../../services/outbound/gate/gate.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';

// A process with a gate of its own, for tests: reads orders as lines of JSON, asks for all permits of an order at once, and writes one line for each answer.

/**
 * `permits`: all requested at the same moment. `lastMinutes`: redeems its first permit with a call that lasted that long and has just
 * ended.
 */
export type GateOrder = { readonly permits: readonly LeaveRequest[] } | { readonly lastMinutes: number };

const rows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  numbers: { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: 'C1' },
  clients: { state: 'active', contractFrom: '2026-01-01', contractUntil: '2099-12-31' },
  trunks: { direction: 'both', state: 'in-use', permittedCallers: ['95100'], forwarding: true },
  destinations: { clientId: 'C1', validUntil: '2099-12-31' },
};
/** Ten in the morning at the site. */
const now = (): Date => new Date(new Date().setUTCHours(2, 0, 0, 0));

const [mongoUri = '', valkeyUrl = ''] = process.argv.slice(2);
const mongo = await mongoose.createConnection(mongoUri).asPromise();
const gate = createGate({
  ...{ mongo, valkey: new Redis(valkeyUrl), zone: 'Asia/Shanghai', hashNumber: numberHasher('key'), log: silentLogger, now },
  register: async (name) => rows[name],
  registerList: async () => [],
  audit: async () => undefined,
  permits: createPermitBook(systemClock),
});
const given: DialPermit[] = [];
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function obey(order: GateOrder): Promise<void> {
  if ('permits' in order) {
    const asked = order.permits.map(async (request) => {
      try {
        given.push(await gate.permit(request));
        say('permitted');
      } catch (error) {
        say((error as { readonly code?: string }).code ?? String(error));
      }
    });
    await Promise.all(asked);
  } else {
    const [{ permitId: attemptId, trunkId, from }] = given as [DialPermit];
    const [dialledAt, endedAt] = [now(), new Date(now().getTime() + order.lastMinutes * 60_000)];
    await gate.ended({ attemptId, trunkId, from, dialledAt, answeredAt: dialledAt, endedAt, failure: undefined });
  }
  say('done');
}

say('ready');
for await (const line of createInterface({ input: process.stdin })) await obey(JSON.parse(line) as GateOrder);
process.exit(0);
