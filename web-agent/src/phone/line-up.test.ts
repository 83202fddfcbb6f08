import { expect, test } from '@jest/globals';
import { lineUp } from './line-up.js';
import { newPhone, type Phone } from './phone.js';

function rig() {
  let phone: Phone = newPhone;
  let told: () => void = () => undefined;
  let late: () => void = () => undefined;
  const seat = {
    getSnapshot: () => phone,
    subscribe: (listener: () => void) => {
      told = listener;
      return () => {
        told = () => undefined;
      };
    },
  };
  const clock = {
    after: (_ms: number, act: () => void) => {
      late = act;
      return () => {
        late = () => undefined;
      };
    },
  };
  const become = (part: Partial<Phone>): void => {
    phone = { ...phone, ...part };
    told();
  };
  return { seat, clock, become, expire: () => late() };
}

test('a seat that was just opened is waited for until it has its sound', async () => {
  const { seat, clock, become } = rig();
  const up = lineUp(seat, clock);
  become({ link: 'up' });
  become({ line: 'up' });
  become({ agent: { agentId: 'boss' } as never });
  expect(await up).toBe(true);
  // One that has it is not waited for.
  expect(await lineUp(seat, clock)).toBe(true);
});

test('a seat without sound is given up', async () => {
  const { seat, clock, become, expire } = rig();
  const up = lineUp(seat, clock);
  become({ link: 'up' });
  expire();
  expect(await up).toBe(false);
});
