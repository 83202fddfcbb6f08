import type { Trunk } from '../shared/contracts/calls/flow.js';
import { WayFailed } from '../shared/domain/calls/way-failed.js';
import type { SipOut, SipOutDialog } from './ports.js';
import type { Ways } from './ways.js';

/** When a silent address is asked whether it is up, and how long it has to answer: 4 s together. */
const SILENT_AFTER_MS = 2_500;
const ANSWER_WITHIN_MS = 1_500;
/** After this time an address that has not confirmed the INVITE is left, even if it answers OPTIONS. */
const UNHEARD_MS = 4_000;
/**
 * After this time the last address is left of which nothing at all was heard: by then the INVITE was sent five times over UDP (RFC 3261
 * section 17.1.1.2).
 */
const NOTHING_HEARD_MS = 8_000;
/** The largest number of servers of one trunk that a call tries: nobody waits longer. */
const MOST_SERVERS = 6;

/**
 * One call over the addresses of a trunk. When an address does not take the call, the next one is tried within the same attempt. A carrier
 * that is slow to ring is not left: it is asked by OPTIONS first.
 */
export async function dialOver(
  {
    trunk,
    ways,
    dial,
    mayMoveOn = false,
    isTest = false,
  }: {
    readonly trunk: Trunk;
    readonly ways: Ways;
    readonly dial: (out: SipOut) => Promise<SipOutDialog>;
    /** Another trunk may take the call, so the last address is left like every other one. */
    readonly mayMoveOn?: boolean;
    /** A test of the trunk hears a carrier out that says neither 100 nor answers OPTIONS: its ringing shows that it is there. */
    readonly isTest?: boolean;
  },
  out: Omit<SipOut, 'uri' | 'nextHop'>,
  digits: string,
): Promise<SipOutDialog> {
  const targets = ways.order(trunk).slice(0, MOST_SERVERS);
  let failure: unknown = new WayFailed(false);
  for (const [index, target] of targets.entries()) {
    const isLast = index === targets.length - 1 && !mayMoveOn;
    ways.tried(trunk.id, target.uri);
    try {
      return await dial({
        ...out,
        saysTrying: () => ways.saysTrying(trunk.id, target.uri),
        onTrying: () => ways.saidTrying(trunk.id, target.uri),
        onUnheard: () => ways.failed(trunk.id, target.uri),
        onAlerted: (alerted) => {
          ways.carried(trunk.id, target.uri);
          out.onAlerted?.(alerted);
        },
        uri: `sip:${digits}@${target.domain ?? target.uri}`,
        ...(target.domain === undefined ? {} : { nextHop: `sip:${target.uri}` }),
        silence: {
          afterMs: SILENT_AFTER_MS,
          unheardMs: UNHEARD_MS,
          isThere: () => ways.answers(trunk.id, target.uri, ANSWER_WITHIN_MS),
          ...(isLast ? { lastWay: { giveUpMs: isTest ? out.timeoutMs : NOTHING_HEARD_MS } } : {}),
        },
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
