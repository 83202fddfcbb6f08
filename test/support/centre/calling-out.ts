import { asked } from '../asked.js';
import type { FarPhone } from '../phones/far-phone.js';
import type { Stack } from '../stack.js';

/** Sets up a trunk that leads to the outside telephones, and a registered number that may be shown there. */
export async function letCallsOut(stack: Stack, far: FarPhone): Promise<void> {
  const [admin, compliance] = [await stack.signIn('admin'), await stack.signIn('compliance')];
  const trunk = { name: 'local', addresses: ['127.0.0.1'], trustsIdentity: true, outboundUri: far.uri };
  await asked(stack, admin, 'PUT', '/api/trunks/local', { ...trunk, permittedCallerNumbers: ['4001000', '95100'], enabled: true });
  const values = {
    number: '95100',
    kind: '95',
    purpose: '回访',
    area: '北京',
    direction: 'both',
    commitmentLetter: true,
    state: 'in-use',
  };
  await asked(stack, compliance, 'POST', '/api/registry/numbers', { values });
  await asked(stack, compliance, 'POST', '/api/registry/trunks', { values: registeredTrunk('local', ['4001000', '95100']) });
}

/** A row of the register of trunks for one that carries outbound calls and transfers. */
export const registeredTrunk = (trunkId: string, permittedCallers: readonly string[]): Record<string, unknown> => ({
  trunkId,
  user: '示例公司',
  accessPoint: '一号机房',
  use: 'call-centre',
  permittedCallers,
  carrier: '示例电信',
  contractNumber: 'HT-1',
  contractOn: '2026-01-01',
  lineType: 'sip',
  peerDevice: 'SBC',
  channels: 30,
  direction: 'both',
  passThrough: false,
  forwarding: true,
  state: 'in-use',
});

/** A consent of this number to be called for enquiries. */
export async function consentOf(stack: Stack, number: string): Promise<void> {
  const consent = { number, purposes: ['enquiry'], channel: 'web', givenAt: new Date(), evidence: 'form 7' };
  await asked(stack, await stack.signIn('supervisor'), 'POST', '/api/outbound/consents', consent);
}

/** A time zone in which it is two in the afternoon: outbound calls have their hours, tests have none. */
export function zoneOfAfternoon(): string {
  const offset = 14 - new Date().getUTCHours();
  return offset >= 0 ? `Etc/GMT-${offset}` : `Etc/GMT+${-offset}`;
}
