import type Srf from 'drachtio-srf';
import { CallCentreError, failures } from '../../shared/domain/failure.js';
import type { Peer } from '../peer.js';
import type { SipDialog, SipInvite } from '../ports.js';
import { doorOf, transportOf, type DoorPorts } from './dialogs/dialog-peers.js';
import type { Dialogs } from './dialogs/dialogs.js';
import type { GuardedSrf, InDialog, KnownDialog } from './guarded-srf.js';
import { SERVER } from './outside-requests.js';
import { userOf } from './request-uri.js';
import { METHODS, send } from './responses.js';

export interface InviteNeeds {
  readonly srf: GuardedSrf;
  readonly doors: DoorPorts;
  readonly dialogs: Pick<Dialogs, 'follow'>;
}

/** An incoming INVITE, as signalling sees it. It is refused, answered or cancelled, each only once. */
export function inviteOf(req: InDialog, res: Srf.SrfResponse, { srf, doors, dialogs }: InviteNeeds): SipInvite {
  let ended = false;
  let answered = false;
  const endHandlers: (() => void)[] = [];
  const end = (): void => {
    if (ended) return;
    ended = true;
    for (const handle of endHandlers) handle();
  };
  req.on('cancel', end);
  return {
    method: 'INVITE',
    user: userOf(req.uri),
    sipCallId: req.get('Call-ID'),
    door: doorOf(req, doors),
    sourceAddress: req.source_address,
    sourcePort: Number(req.source_port),
    transport: transportOf(req),
    sdp: req.body,
    header: (name) => (req.has(name) ? req.get(name) : undefined),
    async refuse(failure, headers = {}) {
      if (ended || answered) return;
      answered = true;
      await send(res, failures[failure].sip, headers);
    },
    answer: (sdp, peer) => accept(sdp, peer),
    async offer(sdp, peer) {
      let acknowledged: (answer: string) => void = () => undefined;
      const acknowledgement = new Promise<string>((resolve, reject) => {
        acknowledged = resolve;
        endHandlers.push(() => reject(new CallCentreError('no-such-call', 'The caller has given up')));
      });
      // Nobody may be waiting yet when the call ends.
      acknowledgement.catch(() => undefined);
      const leg = await accept(sdp, peer, acknowledged);
      return { leg, answer: await acknowledgement };
    },
    onEnded(handle) {
      endHandlers.push(handle);
      if (ended) handle();
    },
  };

  async function accept(sdp: string, peer: Peer, acknowledged?: (answer: string) => void): Promise<SipDialog> {
    if (ended) throw new CallCentreError('no-such-call', 'The caller has given up');
    return new Promise<SipDialog>((resolve, reject) => {
      // In callback form, because a BYE right behind the ACK must find its listener.
      srf.createUAS(req, res, { localSdp: sdp, headers: { Allow: METHODS, Server: SERVER } }, (error: unknown, dialog) => {
        if (error !== null && error !== undefined) {
          reject(new CallCentreError('no-such-call', 'The call could not be answered', { cause: error }));
          return;
        }
        answered = true;
        if (acknowledged !== undefined) (dialog as KnownDialog).once('ack', (ack) => acknowledged(ack.body));
        resolve(dialogs.follow(dialog, end, peer));
      });
    });
  }
}
