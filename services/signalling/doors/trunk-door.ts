import type { Trunk } from '../../shared/contracts/calls/flow.js';
import { writtenBy } from '../../shared/domain/numbers/number-rules.js';
import { createFloodLimit } from '../../shared/platform/http/flood-limit.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { callerNumber } from '../caller-number.js';
import type { SipInvite, TrunkBook } from '../ports.js';
import type { TrunkLoad } from '../trunks/trunk-load.js';
import { trunkOf } from '../trunks/trunk-source.js';
import { handOver, type TrunkCall } from './call-in.js';
import type { TrunkId } from '../../shared/domain/ids.js';
import type { Credentials } from './credentials.js';

const INVITES_PER_SECOND = 100;
const INVITE_BURST = 200;

/** The limit of INVITEs a second for one trunk; the test call counts as one. */
export const trunkFlood = (nowMs: () => number): ReturnType<typeof createFloodLimit> =>
  createFloodLimit({ perSecond: INVITES_PER_SECOND, burst: INVITE_BURST, nowMs });

/** INVITEs from carriers. They are recognised by address and by the trunk's settings. */
export function createTrunkDoor({
  trunks,
  credentials,
  isProvable,
  load,
  flood,
  cameIn,
  onTrunkCall,
  nowMs,
  log,
}: {
  readonly trunks: () => TrunkBook;
  readonly credentials: Credentials;
  readonly isProvable: (trunk: Trunk) => boolean;
  readonly load: TrunkLoad;
  readonly flood: ReturnType<typeof createFloodLimit>;
  /** A carrier has sent a call from this address. */
  readonly cameIn: (trunkId: TrunkId, address: string) => void;
  readonly onTrunkCall: (call: TrunkCall) => Promise<void>;
  readonly nowMs: () => number;
  readonly log: Logger;
}): (invite: SipInvite) => Promise<void> {
  return async function invited(invite) {
    const receivedAtMs = nowMs();
    const trunk = trunkOf(trunks().trunks(), invite.sourceAddress, invite.transport);
    if (trunk === undefined) {
      log.warn({}, 'an INVITE came from an address that belongs to no trunk');
      return invite.refuse('not-allowed');
    }
    if (!isProvable(trunk)) return invite.refuse('not-allowed');
    if (!flood.allows(trunk.id)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const needsDigest = trunk.digest !== undefined && trunk.registers !== true;
    if (needsDigest && !(await credentials.mayPass(invite, trunk.digest))) return undefined;
    cameIn(trunk.id, invite.sourceAddress);
    const gaveUp = new AbortController();
    invite.onEnded(() => gaveUp.abort());
    const setUp = await load.take(trunk, 'in', gaveUp.signal);
    if (setUp === undefined) return invite.refuse('service-unavailable', { 'Retry-After': '2' });
    const handedOver = handOver(
      whileSetUp(invite, setUp),
      {
        trunkId: trunk.id,
        class: 'service',
        callerNumber: callerNumber({
          assertedIdentity: invite.header('P-Asserted-Identity'),
          from: invite.header('From'),
          trusted: trunk.trustsIdentity,
          written: (number) => writtenBy(trunk.numberRules ?? [], 'caller-in', number).number,
        }),
        calledUser: writtenBy(trunk.numberRules ?? [], 'called-in', calledUser(invite, trunk)).number,
        receivedAtMs,
        peer: {
          door: 'trunk',
          trunkId: trunk.id,
          address: invite.sourceAddress,
          ...(invite.transport === 'tls' ? { overTls: true } : {}),
        },
      },
      onTrunkCall,
    );
    return handedOver.catch((error: unknown) => {
      setUp();
      throw error;
    });
  };
}

/** The same call, with its channel counted: for the set-up until the call is refused, cancelled or answered, and then for its dialog. */
const whileSetUp = (invite: SipInvite, over: () => void): SipInvite => {
  invite.onEnded(over);
  return {
    ...invite,
    refuse: (failure, headers) => invite.refuse(failure, headers).finally(over),
    answer: (sdp, peer) => invite.answer(sdp, peer).finally(over),
    offer: (sdp, peer) => invite.offer(sdp, peer).finally(over),
  };
};

/** A carrier with which we registered sends to our contact; To holds the number that the caller dialled. */
function calledUser(invite: SipInvite, trunk: Trunk): string {
  if (trunk.registers !== true || invite.user !== trunk.digest?.username) return invite.user;
  const to = invite.header('To') ?? '';
  const [address = '', host] = to.slice(to.lastIndexOf('<') + 1).split('@', 2);
  const [user = ''] = address.slice(address.lastIndexOf(':') + 1).split(';', 1);
  return host === undefined || user === '' ? invite.user : user;
}
