import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { WayFailed } from '../../shared/domain/calls/way-failed.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Dialler, LeavingGate, OutgoingLeg } from '../ports.js';

type OverTrunks = Omit<Parameters<Dialler['dial']>[0], 'onLeaving' | 'mayMoveOn' | 'isLastResort'> & {
  /** Before the INVITE of each trunk leaves, with its permit. */
  readonly onLeaving: (permit: DialPermit) => void;
  /** Our description for the trunk of a permit: what it may encrypt differs. */
  readonly describe: (permit: DialPermit) => Promise<string>;
  /** The leg is to go over another trunk. */
  readonly onMoved: (permit: DialPermit) => void;
};

/** One leg over the trunks that may carry it: a trunk that does not take it is left for the next that the gate allows, until one has rung. */
export function createDialOverTrunks({
  dialler,
  gate,
  nowMs,
  log,
}: {
  readonly dialler: Dialler;
  readonly gate: Pick<LeavingGate, 'otherWay'>;
  readonly nowMs: () => number;
  readonly log: Logger;
}): (out: OverTrunks) => Promise<OutgoingLeg> {
  /** Whoever stops the leg meanwhile wins; a gate that fails leaves the failure of the trunk. */
  async function next(permit: DialPermit, failure: WayFailed, returns: boolean, signal: AbortSignal): Promise<DialPermit> {
    const found = await gate.otherWay(permit, { returns }).catch((error: unknown) => {
      log.error({ err: error }, 'another trunk could not be asked for');
      return undefined;
    });
    if (found === undefined || signal.aborted) throw failure;
    return found;
  }

  return async ({ permit: first, sdp: firstSdp, describe, onLeaving, onMoved, onAlerted, ...out }) => {
    const beganMs = nowMs();
    let [permit, sdp] = [first, firstSdp];
    /** Trunks that seem to be away. Nobody gives up a call to the police for that: they are tried when no other took it. */
    const lastResorts = new Set<string>();
    for (;;) {
      const triedMs = nowMs() - beganMs;
      const dialled = permit;
      try {
        return await dialler.dial({
          ...out,
          permit,
          sdp,
          onLeaving: () => onLeaving(dialled),
          mayMoveOn: (permit.others ?? []).length > 0,
          isLastResort: lastResorts.has(permit.trunkId),
          // The person waits from the first dialling on.
          ...(onAlerted === undefined ? {} : { onAlerted: ({ afterMs, rings }) => onAlerted({ afterMs: afterMs + triedMs, rings }) }),
        });
      } catch (error) {
        if (!(error instanceof WayFailed) || out.signal.aborted) throw error;
        const returns = error.passedOver && permit.emergency === true;
        if (returns) lastResorts.add(permit.trunkId);
        permit = await next(permit, error, returns, out.signal);
        onMoved(permit);
        sdp = await describe(permit);
      }
    }
  };
}
