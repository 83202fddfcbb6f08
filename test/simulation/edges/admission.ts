import { Admission, DEFAULT_ADMISSION } from '../../../infra/embedded/sip/agent/admission.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import { peersOf } from '../../../services/signalling/adapters/peers-file.js';
import type { Edge } from './edge.js';

const SECOND_MS = 1_000;

export const admission: Edge = {
  name: 'admission',
  sentence: 'What is configured as a trunk is never limited; a stranger beside it is (docs/embedded-sip.md).',
  async run(random) {
    const [carrier, stranger] = ['198.51.100.7', '203.0.113.9'];
    const trunk = {
      id: 't',
      enabled: true,
      addresses: random.chance(0.5) ? [carrier] : [],
      outboundUri: `${carrier}:5060`,
    } as unknown as Trunk;
    const known = new Set(peersOf([trunk]).peers.flatMap(({ addresses }) => addresses));
    let nowMs = 0;
    const server = new Admission(
      DEFAULT_ADMISSION,
      (address) => known.has(address),
      () => nowMs,
    );
    const perSecond = random.int(60, 200);
    const seconds = random.int(5, 20);
    let strangerServed = 0;
    for (let call = 0; call < perSecond * seconds; call += 1) {
      nowMs = Math.floor((call * SECOND_MS) / perSecond);
      if (!server.admits(carrier) || !server.request(carrier)) return `a trunk at ${perSecond} calls a second loses one after ${nowMs} ms`;
      for (let many = random.int(0, 3); many > 0; many -= 1) if (server.admits(stranger) && server.request(stranger)) strangerServed += 1;
    }
    const most = DEFAULT_ADMISSION.burst + DEFAULT_ADMISSION.requestsPerSecond * seconds;
    return strangerServed > most ? `a stranger had ${strangerServed} of at most ${most} requests` : undefined;
  },
};
