import { describe, expect, test } from '@jest/globals';
import { office, out, registered, row, transfer } from '../../../test/support/gate-office.js';
import type { GateNeeds, LeaveRequest } from './gate.js';

describe('free dialling', () => {
  const freely: LeaveRequest = { ...transfer, way: 'consultation', number: '13900000009', freeReason: 'the customer asks for the lawyer' };

  test('reaches a number on no register, and the reason stands in permit, row and audit log', async () => {
    const rows: object[] = [];
    const { gate, attempts } = office({ needs: { audit: async ({ what, reason }) => void rows.push({ what, reason }) } });
    const { freeReason } = freely;
    expect(await gate.permit(freely)).toMatchObject({ number: '13900000009', from: '95100', freeReason });
    expect(attempts).toEqual([expect.objectContaining({ allowed: true, way: 'consultation', agentId: 'anna', freeReason })]);
    expect(rows).toEqual([{ what: 'outbound.permitted', reason: freeReason }]);
  });

  test('of a registered number is none: the register allows it', async () => {
    const { gate, attempts } = office({ destination: registered });
    expect(await gate.permit({ ...freely, number: transfer.number })).not.toHaveProperty('freeReason');
    expect(attempts[0]).not.toHaveProperty('freeReason');
  });

  test('of a premium number is refused, and the row keeps the reason that was given', async () => {
    const { gate, attempts } = office();
    await expect(gate.permit({ ...freely, number: '16812345' })).rejects.toMatchObject({ code: 'outbound-kind' });
    expect(attempts).toEqual([expect.objectContaining({ allowed: false, reason: 'kind-not-allowed', freeReason: freely.freeReason })]);
  });

  test.each(['overflow', 'flow', 'call-out', 'callback'] as const)('is no way of %s', async (way) => {
    const { gate, attempts } = office({ consents: [] });
    await expect(gate.permit({ ...freely, way, purpose: 'enquiry' })).rejects.toMatchObject({ code: /^outbound-(?:destination|consent)$/ });
    expect(attempts[0]).not.toHaveProperty('freeReason');
  });

  test('counts among the tries of a number: the fourth within five minutes is refused', async () => {
    const { gate } = office();
    for (const callId of ['c1', 'c2', 'c3']) await gate.permit({ ...freely, callId });
    await expect(gate.permit({ ...freely, callId: 'c4' })).rejects.toMatchObject({ code: 'outbound-too-often' });
  });

  test('shows another number of the client unit when the one that was called may not be shown, and none of another unit', async () => {
    const { gate } = office();
    expect(await gate.permit({ ...freely, called: '4001000' })).toMatchObject({ from: '95100', called: '4001000' });
    const number = async (of: string) => ({
      ...row,
      direction: of === '95100' ? 'both' : 'inbound-only',
      clientId: of === '95100' ? 'C2' : 'C1',
    });
    const others = { trunkFault: async () => undefined, destination: async () => undefined };
    const elsewhere = office({ stores: { register: { number, ...others } } });
    await expect(elsewhere.gate.permit({ ...freely, called: '4001000' })).rejects.toMatchObject({ code: 'outbound-number' });
  });

  test('goes over another trunk as well, without a row of the register', async () => {
    const ways = [...out.ways, { trunkId: 'second', from: '95100' }];
    const { gate } = office();
    const permit = await gate.permit({ ...freely, ways });
    expect(await gate.otherWay(permit)).toMatchObject({ trunkId: 'second', freeReason: freely.freeReason });
  });
});

describe('a consent that is taken back after the permit', () => {
  const changing = (needs: Partial<GateNeeds> = {}) => {
    const now = { agreed: true, refused: false, reads: true };
    const stores: Partial<GateNeeds['stores']> = {
      consent: async () => (now.agreed ? { id: 'consent-7' } : undefined),
      async refused() {
        if (!now.reads) throw new Error('the store is away');
        return now.refused;
      },
    };
    return { now, office: office({ stores, needs }) };
  };

  test('before the dialling calls the leg off by the time that the watch begins', async () => {
    const { now, office: here } = changing();
    const permit = await here.gate.permit(out);
    now.agreed = false;
    const why: string[] = [];
    await here.gate.whileDialled(permit, (reason) => void why.push(reason));
    expect(why).toEqual(['outbound-consent']);
  });

  test('while it rings calls it off, and so does a refusal', async () => {
    const { now, office: here } = changing();
    const why: string[] = [];
    const begin = async (callId: string): Promise<void> => {
      const permit = await here.gate.permit({ ...out, callId });
      await new Promise<void>((resolve) => {
        const calledOff = (reason: string): void => {
          why.push(reason);
          resolve();
        };
        void here.gate.whileDialled(permit, calledOff).then(() => {
          if (callId === 'c1') now.agreed = false;
          else now.refused = true;
        });
      });
      now.agreed = true;
    };
    await begin('c1');
    await begin('c2');
    expect(why).toEqual(['outbound-consent', 'outbound-do-not-call']);
  });

  test('does nothing to a leg that was answered: only the other one is called off', async () => {
    const { now, office: here } = changing();
    const why: string[] = [];
    const answered = await here.gate.whileDialled(await here.gate.permit(out), () => void why.push('answered'));
    answered();
    const rings = await here.gate.permit({ ...out, callId: 'c2' });
    await new Promise<void>((resolve) => {
      const calledOff = (reason: string): void => {
        why.push(reason);
        resolve();
      };
      void here.gate.whileDialled(rings, calledOff).then(() => (now.agreed = false));
    });
    expect(why).toEqual(['outbound-consent']);
  });

  test('does nothing while the store cannot be read: the leg rings on, and the next look is planned', async () => {
    const looks: (() => void)[] = [];
    let planned = (): void => undefined;
    const { now, office: here } = changing({
      later(_ms, look) {
        looks.push(look);
        planned();
        return () => undefined;
      },
    });
    const why: string[] = [];
    await here.gate.whileDialled(await here.gate.permit(out), (reason) => void why.push(reason));
    Object.assign(now, { agreed: false, reads: false });
    const next = new Promise<void>((resolve) => (planned = resolve));
    looks.shift()?.();
    await next;
    expect(why).toEqual([]);
  });
});
