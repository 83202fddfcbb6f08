import { zoneOfAfternoon } from '../../support/calling-out.js';
import { shortNotice } from '../../support/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { carriers, dialFrom } from './carrier.js';

/** What the tier attacks: an installation with demo data, two carriers, and a notice of a beep so that calls are quick. */
export async function startAttacked(): Promise<Stack> {
  const stack = await Stack.start({ env: { SITE_TIME_ZONE: zoneOfAfternoon() } });
  try {
    await shortNotice(stack);
    const token = await stack.signIn('admin');
    for (const [id, { address, trustsIdentity }] of Object.entries(carriers)) {
      const body = { name: id, addresses: [address], trustsIdentity, permittedCallerNumbers: ['4001000', '95100'], enabled: true };
      const { status } = await stack.http('PUT', `/api/trunks/${id}`, { token, body });
      if (status !== 200) throw new Error(`the trunk ${id} was answered ${status}`);
      await until(() => isKnown(stack, address), Boolean);
    }
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
  return stack;
}

/** A number that is not in service answers 404 to a trunk, and nothing of the kind to a stranger. */
async function isKnown(stack: Stack, address: string): Promise<boolean> {
  const phone = await dialFrom(stack, address, '4009999');
  try {
    return (await phone.call()) === 404;
  } finally {
    phone.close();
  }
}
