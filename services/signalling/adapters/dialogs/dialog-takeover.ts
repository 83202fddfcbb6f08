import type { Logger } from '../../../shared/platform/processes/logger.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';
import type { FollowedDialog } from './followed-dialog.js';
import type { GuardedSrf } from '../guarded-srf.js';
import { isGone, reinvite, release, type SipAddress } from './orphans.js';
import type { Requests } from '../outside-requests.js';
import { METHODS } from '../responses.js';
import type { TrunkId } from '../../../shared/domain/ids.js';

const NO_SUCH_DIALOG = 481;
const TIMED_OUT = 408;
/** How long to wait for a carrier that is asked about a dialog of the earlier process. */
const ASKED_FOR_MS = 2_000;
const SILENT = 'silent';
/** How long a page has for another session in place of one that this SIP server has never had. */
const PAGE_RENEWS_WITHIN_MS = 20_000;

export interface TakeoverNeeds {
  readonly srf: GuardedSrf & Requests;
  readonly server: SipAddress;
  /** What a trunk requires when we send it an INVITE. */
  readonly credentials: (trunkId: TrunkId) => { readonly username: string; readonly password: string } | undefined;
  /** Whether the SIP server hands the dialogs of a dead process to its successor. */
  readonly keepsDialogs: () => boolean;
  readonly log: Logger;
}

/** Finds out whether a dialog that was not ours a moment ago continues or has ended. Sometimes neither can be determined. */
export type Fate = 'goes on' | 'has ended' | 'unknown';

/** Dialogs of a process that died, and dialogs after the connection to the SIP server broke. */
export function createTakeover({ srf, server, credentials, keepsDialogs, log }: TakeoverNeeds) {
  /**
   * Makes a dialog this process's own by a re-INVITE from its state, when the SIP server does not report its requests to us; false when the
   * far end has ended the dialog. This does not work for a browser or for a dialog with unknown state: those are followed unheard.
   */
  async function reclaim(entry: FollowedDialog, isKnown: boolean): Promise<boolean> {
    const { state, peer } = entry;
    if (state === undefined || peer.door !== 'trunk') {
      entry.mode = 'unheard';
      return isKnown;
    }
    if (!(await release(state, server))) {
      log.warn({}, 'the SIP server still holds a dialog of the previous process; requests from its far side are not received');
      entry.mode = 'unheard';
      return isKnown;
    }
    const made = await reinvite(srf, state, { auth: credentials(peer.trunkId), methods: METHODS });
    if ('dialog' in made) {
      entry.renewed(made.dialog);
      return true;
    }
    if (isGone(made.status)) return false;
    log.warn(
      { status: made.status },
      'a dialog was not taken over because the far side refused; the far side is asked again when it falls silent',
    );
    entry.mode = 'outside';
    return true;
  }

  const reclaimed = async (entry: FollowedDialog, isKnown: boolean): Promise<Fate> =>
    (await reclaim(entry, isKnown)) ? 'goes on' : 'has ended';

  /**
   * The session of a seat at another SIP server, perhaps on a machine that is gone. Its media continues at the relay, and its page is asked
   * for another session; a page that has left in the meantime creates none.
   */
  function leftElsewhere(entry: FollowedDialog): Fate {
    entry.mode = 'unheard';
    systemClock.after(PAGE_RENEWS_WITHIN_MS, () => entry.over());
    return 'goes on';
  }

  return {
    /** Finds out about a dialog of the earlier process. */
    async adopted(entry: FollowedDialog): Promise<Fate> {
      const { peer, state } = entry;
      // When the dialog will be taken over, the re-INVITE asks the same question.
      if (!keepsDialogs() && peer.door === 'trunk' && state !== undefined) return reclaimed(entry, true);
      const asked = entry.requestInside('OPTIONS').catch(() => undefined);
      const status = peer.door === 'trunk' ? await soonOr(SILENT, asked) : await asked;
      if (status === SILENT) {
        // A carrier need not answer OPTIONS within a dialog, so its silence ends nothing. A late 481 does.
        void asked.then((late) => (late === NO_SUCH_DIALOG ? entry.over() : undefined));
        return 'goes on';
      }
      // The far end has ended it while no process was here to be told.
      if (status === NO_SUCH_DIALOG) return 'has ended';
      if (status === undefined && state !== undefined && peer.door === 'trunk') return reclaimed(entry, false);
      if (status === undefined && peer.door === 'seat') return leftElsewhere(entry);
      if (status === undefined || status === TIMED_OUT) return 'unknown';
      if (!keepsDialogs()) entry.mode = 'unheard';
      return 'goes on';
    },

    /** Finds out about a dialog of this process, after a new connection to the SIP server. */
    async afterReconnect(entry: FollowedDialog): Promise<Exclude<Fate, 'unknown'>> {
      const status = await entry.request('OPTIONS').catch(() => undefined);
      if (status === NO_SUCH_DIALOG || (status === TIMED_OUT && entry.peer.door !== 'trunk')) return 'has ended';
      if (status !== undefined && keepsDialogs()) return 'goes on';
      if (!(await reclaim(entry, status !== undefined))) return 'has ended';
      if (entry.mode !== 'unheard' || entry.peer.door !== 'seat') return 'goes on';
      // A page that receives a BYE makes another session. Nobody could have told us if it had left this one.
      await entry.requestInside('BYE').catch(() => undefined);
      return 'has ended';
    },
  };
}

/** The result of `asked`, or `otherwise` when it takes too long. */
const soonOr = <Answer, Otherwise>(otherwise: Otherwise, asked: Promise<Answer>): Promise<Answer | Otherwise> =>
  new Promise((resolve, reject) => {
    const stopTimer = systemClock.after(ASKED_FOR_MS, () => resolve(otherwise));
    asked.then(resolve, reject).finally(stopTimer);
  });
