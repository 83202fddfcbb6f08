import type Srf from 'drachtio-srf';
import { readDialogHandle, type Peer } from '../../peer.js';
import type { SipDialog } from '../../ports.js';
import { createTakeover, type TakeoverNeeds } from './dialog-takeover.js';
import { FollowedDialog, type DialogNeeds } from './followed-dialog.js';
import type { InDialog, KnownDialog } from '../guarded-srf.js';
import type { TrunkId } from '../../../shared/domain/ids.js';

export interface Dialogs {
  /** Follows a dialog to its end, which is reported once. */
  follow(dialog: Srf.Dialog, ended: () => void, peer: Peer): SipDialog;
  adopt(handle: string, ended: () => void): Promise<SipDialog | undefined>;
  /** After a new connection: dialogs that the server has forgotten are taken over, or have ended without a message. */
  reconnected(): Promise<void>;
  /** A re-INVITE or UPDATE in a dialog that the library does not know; false when nobody follows it. */
  offered(req: InDialog, res: Srf.SrfResponse): boolean;
  /** An ACK in a dialog that the library does not know. */
  acknowledged(req: InDialog): void;
  /** An INFO in a dialog that the library does not know; false when nobody follows it. */
  informed(req: InDialog, res: Srf.SrfResponse): boolean;
  /** A BYE in a dialog that the library does not know. */
  byeCame(dialogId: string): void;
  /** Stops following all dialogs; with `byes`, sends a BYE to each far end. */
  leave(byes: boolean): Promise<void>;
  readonly size: number;
  ofTrunk(trunkId: TrunkId): readonly string[];
}

/** Owns the dialogs of this process: their peers, how each end is reported, and how a dialog is taken over. */
export function createDialogs({
  peers,
  isConnected,
  ...needs
}: TakeoverNeeds & { readonly peers: Map<string, Peer>; readonly isConnected: () => boolean }): Dialogs {
  const { srf, log } = needs;
  const followed = new Map<string, FollowedDialog>();
  /** Dialogs that ended before they were followed, or taken over. */
  const endedEarly = new Set<string>();
  const takeover = createTakeover(needs);
  const ofDialog: DialogNeeds = {
    srf,
    isConnected,
    log,
    book: {
      add(entry) {
        followed.set(entry.dialogId, entry);
        peers.set(entry.dialogId, entry.peer);
      },
      remove(entry) {
        if (followed.get(entry.dialogId) !== entry) return false;
        followed.delete(entry.dialogId);
        peers.delete(entry.dialogId);
        return true;
      },
    },
  };
  const followedIn = (req: InDialog): FollowedDialog | undefined => followed.get(req.stackDialogId ?? '');

  return {
    follow(dialog, ended, peer) {
      const entry = FollowedDialog.of(dialog, peer, ended, ofDialog);
      // A BYE right behind the answer ended the dialog in the library before anybody listened.
      if (endedEarly.delete(entry.dialogId) || !(dialog as KnownDialog).connected) setImmediate(() => entry.over());
      return entry.view();
    },
    async adopt(handle, ended) {
      const kept = readDialogHandle(handle);
      if (kept === undefined) return undefined;
      const { dialogId, peer, state } = kept;
      const entry = new FollowedDialog({ dialogId, peer, state, ended }, ofDialog);
      ofDialog.book.add(entry);
      const fate = endedEarly.delete(dialogId) ? 'has ended' : await takeover.adopted(entry);
      if (fate === 'unknown') {
        ofDialog.book.remove(entry);
        return undefined;
      }
      if (fate === 'has ended') setImmediate(() => entry.over());
      return entry.view();
    },
    async reconnected() {
      await Promise.all(
        [...followed.values()].map(async (entry) => {
          if ((await takeover.afterReconnect(entry)) === 'has ended') entry.over();
        }),
      );
    },
    offered(req, res) {
      const entry = followedIn(req);
      if (entry !== undefined) void entry.answer(req, res);
      return entry !== undefined;
    },
    acknowledged: (req) => followedIn(req)?.acknowledged(req),
    informed(req, res) {
      const entry = followedIn(req);
      entry?.informed(req, res);
      return entry !== undefined;
    },
    byeCame(dialogId) {
      const entry = followed.get(dialogId);
      if (entry === undefined) endedEarly.add(dialogId);
      else entry.over();
    },
    async leave(byes) {
      const all = [...followed.values()];
      followed.clear();
      if (byes) await Promise.all(all.map((entry) => entry.request('BYE').catch(() => undefined)));
    },
    get size() {
      return followed.size;
    },
    ofTrunk: (trunkId) => [...followed].filter(([, { peer }]) => peer.door === 'trunk' && peer.trunkId === trunkId).map(([id]) => id),
  };
}
