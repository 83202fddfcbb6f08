import type { Trunk } from '../shared/contracts/calls/flow.js';
import { dialDigits, type DialPermit } from '../shared/domain/calls/dial-permit.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { writtenBy } from '../shared/domain/numbers/number-rules.js';
import { WayFailed } from '../shared/domain/calls/way-failed.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { dialOver } from './attempt.js';
import { identityHeaders } from './identity.js';
import type { SipOutDialog, SipStack } from './ports.js';
import { takeFor, type TrunkLoad } from './trunks/trunk-load.js';
import type { Ways } from './ways.js';
import type { SipCallId, TrunkId } from '../shared/domain/ids.js';

/** The characters that may stand before the `@` for a number outside. */
const DIGITS = /^\+?\d{3,20}$/;

export interface Dialling {
  dial(out: {
    readonly permit: DialPermit;
    readonly sdp: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    /** Called once, before the first INVITE leaves. */
    readonly onLeaving: () => void;
    /**
     * Another trunk may take the call, so this trunk is left as soon as it does not, and at once when none of its addresses answers
     * OPTIONS.
     */
    readonly mayMoveOn?: boolean;
    /** The trunk was skipped before. It is tried now, whatever OPTIONS said. */
    readonly isLastResort?: boolean;
    /** Not even a 100 has come, and the call waits all the same; or, after that, something has come. */
    readonly onSilence?: (isSilent: boolean) => void;
  }): Promise<SipOutDialog>;
}

export interface DiallerNeeds {
  readonly trunk: (trunkId: TrunkId) => Trunk | undefined;
  /** Uses up a permit; false when it is unknown, used or expired. */
  readonly redeem: (permit: DialPermit) => boolean;
  /** The INVITE of a used permit was not sent. */
  readonly notSent: (permit: DialPermit) => void;
  /** Whether the SIP server checks the carrier's certificate against the trunk. */
  readonly isProvable: (trunk: Trunk) => boolean;
  readonly ways: Ways;
  readonly load: Pick<TrunkLoad, 'take' | 'begin'>;
  readonly send: SipStack['dial'];
  /** Called for each INVITE when the SIP server has it, with its Call-ID. */
  readonly onSent?: (sipCallId: SipCallId, permit: DialPermit) => void;
  /** The permit's trunk answered after the call had moved on, and that call was ended at once: the carrier may bill it. */
  readonly onAnsweredLate?: ((permit: DialPermit) => void) | undefined;
  readonly log: Logger;
}

/** Sends the INVITE of a permit over its trunk, within the trunk's limits and by the addresses that answer. */
export function createDialler(needs: DiallerNeeds): Dialling {
  const { trunk: trunkOf, redeem, notSent, isProvable, ways, load, send, onSent, log } = needs;
  return {
    async dial({ permit, onLeaving, mayMoveOn = false, isLastResort = false, ...out }) {
      const trunk = trunkOf(permit.trunkId);
      const digits = writtenBy(trunk?.numberRules ?? [], 'called-out', dialDigits(permit.number)).number;
      const redeemed = redeem(permit);
      // The last check before the wire: nothing is sent that the gate has not just permitted, whoever asks.
      if (!redeemed || trunk?.enabled !== true || trunk.outboundUri === undefined || !DIGITS.test(digits) || !isProvable(trunk)) {
        if (redeemed) notSent(permit);
        log.error({ permitId: permit.permitId, way: permit.way, redeemed }, 'a call without a valid permit, or over an unusable trunk');
        // The problem concerns only this trunk.
        if (redeemed && mayMoveOn) throw new WayFailed(false, 'The trunk cannot be used');
        throw new CallCentreError('not-allowed', 'No call leaves without a permit.');
      }
      const isPassedOver = mayMoveOn && !isLastResort && ways.areDown(trunk);
      // Tests find out whether it is there, and the police is never given up for what OPTIONS say.
      const mayRefuse = !mayMoveOn && permit.emergency !== true && permit.test !== true;
      if (mayRefuse && (await ways.refuses(trunk))) {
        notSent(permit);
        throw new WayFailed(true, 'No address of the trunk accepts calls', true);
      }
      const setUp = isPassedOver ? undefined : await takeFor(load, trunk, permit, out.signal);
      if (setUp === undefined) {
        notSent(permit);
        throw new WayFailed(isPassedOver, 'The trunk has no address that answers, or no free channel', isPassedOver);
      }
      onLeaving();
      const told = (sipCallId: SipCallId): void => onSent?.(sipCallId, permit);
      const onAnsweredLate = (): void => {
        log.warn(
          { permitId: permit.permitId, trunkId: permit.trunkId },
          'a carrier answered a call that had already moved to another route; the call was ended',
        );
        needs.onAnsweredLate?.(permit);
      };
      const call = {
        ...out,
        onSent: told,
        onAnsweredLate,
        trunkId: permit.trunkId,
        identity: identityHeaders(trunk, permit),
        auth: trunk.digest,
      };
      return dialOver({ trunk, ways, mayMoveOn, isTest: permit.test === true, dial: send }, call, digits).finally(setUp);
    },
  };
}
