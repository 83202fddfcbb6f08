import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { carriers, dialFrom, overTls } from './carrier.js';
import { carrierCertificates } from '../../support/phones/certificates.js';

/**
 * Starts what the tier attacks: an installation with demo data, two carriers in clear and one over TLS, and a notice that is only a beep,
 * so that calls are quick. Certificates go to the folder, where test files find them too.
 */
export async function startAttacked(certificatesFolder: string): Promise<Stack> {
  const certificates = await carrierCertificates(certificatesFolder, overTls.certificate);
  await writeFile(join(certificatesFolder, 'all.json'), JSON.stringify(certificates));
  const stack = await Stack.start({
    env: {
      SITE_TIME_ZONE: zoneOfAfternoon(),
      SIP_TLS_CERT_FILE: certificates.ours.certFile,
      SIP_TLS_KEY_FILE: certificates.ours.keyFile,
      SIP_TLS_CA_FILE: certificates.authority.certFile,
    },
  });
  try {
    await shortNotice(stack);
    const token = await stack.signIn('admin');
    for (const [id, { address, trustsIdentity }] of Object.entries(carriers)) {
      const body = { name: id, addresses: [address], trustsIdentity, permittedCallerNumbers: ['4001000', '95100'], enabled: true };
      const { status } = await stack.http('PUT', `/api/trunks/${id}`, { token, body });
      if (status !== 200) throw new Error(`the trunk ${id} was answered ${status}`);
      await until(() => isKnown(stack, address), Boolean);
    }
    const body = { name: 'over TLS', addresses: [overTls.address], transport: 'tls', certificate: overTls.certificate, enabled: true };
    const { status } = await stack.http('PUT', '/api/trunks/carrier-tls', { token, body });
    if (status !== 200) throw new Error(`the trunk over TLS was answered ${status}`);
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
  return stack;
}

/** Whether an address is a known trunk: for a number that is not in service it gets 404, a stranger does not. */
async function isKnown(stack: Stack, address: string): Promise<boolean> {
  const phone = await dialFrom(stack, address, '4009999');
  try {
    return (await phone.call()) === 404;
  } finally {
    phone.close();
  }
}
