import { expect, test } from '@jest/globals';
import { createDnsNames } from './dns-names.js';

test('a name server to which the machine has no way is no answer, and ends no process', async () => {
  // The kernel refuses to connect a socket to this address, as it does without a network.
  const names = createDnsNames(() => ['255.255.255.255']);
  await expect(names.srv('_sip._udp.carrier.example')).rejects.toMatchObject({ code: 'service-unavailable', cause: { code: 'EACCES' } });
});
