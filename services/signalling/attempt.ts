import type { Trunk } from '../shared/contracts/calls/flow.js';
import { WayFailed } from '../shared/domain/calls/way-failed.js';
import type { SipOut, SipOutDialog } from './ports.js';
import type { Ways } from './ways.js';

/** When a way that has said nothing is asked whether it is there, and how long it has for that: together 4 s. */
const SILENT_AFTER_MS = 2_500;
const ANSWER_WITHIN_MS = 1_500;
/** A way that has not said that it has the INVITE is left, though it may answer OPTIONS. */
const UNHEARD_MS = 4_000;
/** A call is not tried at more servers of one trunk: nobody waits so long. */
const MOST_SERVERS = 6;

/**
 * One call over the ways of a trunk: a way that does not take it is left for the next within the same attempt. A carrier that is slow to ring is
 * not left: before that it is asked by OPTIONS whether it is there.
 */
export async function dialOver(
  {
    trunk,
    ways,
    dial,
    mayMoveOn = false,
  }: {
    readonly trunk: Trunk;
    readonly ways: Ways;
    readonly dial: (out: SipOut) => Promise<SipOutDialog>;
    /** Another trunk may take the call: the last way is left like every other. */
    readonly mayMoveOn?: boolean;
  },
  out: Omit<SipOut, 'uri' | 'nextHop'>,
  digits: string,
): Promise<SipOutDialog> {
  const targets = ways.order(trunk).slice(0, MOST_SERVERS);
  let failure: unknown = new WayFailed(false);
  for (const [index, target] of targets.entries()) {
    const isLast = index === targets.length - 1 && !mayMoveOn;
    try {
      return await dial({
        ...out,
        uri: `sip:${digits}@${target.domain ?? target.uri}`,
        ...(target.domain === undefined ? {} : { nextHop: `sip:${target.uri}` }),
        ...(isLast
          ? {}
          : {
              silence: {
                afterMs: SILENT_AFTER_MS,
                unheardMs: UNHEARD_MS,
                isThere: () => ways.answers(trunk.id, target.uri, ANSWER_WITHIN_MS),
              },
            }),
      });
    } catch (error) {
      failure = error;
      if (!(error instanceof WayFailed)) throw error;
      if (error.silent) ways.failed(trunk.id, target.uri);
      if (out.signal.aborted) break;
    }
  }
  throw failure;
}
