import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { WayFailed } from '../../shared/domain/calls/way-failed.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Dialler, LeavingGate, OutgoingLeg } from '../ports.js';

type OverTrunks = Omit<Parameters<Dialler['dial']>[0], 'onLeaving' | 'mayMoveOn' | 'isLastResort'> & {
  /** Called before the INVITE of each trunk is sent, with its permit. */
  readonly onLeaving: (permit: DialPermit) => void;
  /** Our description for the trunk of a permit, depending on its encryption. */
  readonly describe: (permit: DialPermit) => Promise<string>;
  /** The leg will use another trunk. */
  readonly onMoved: (permit: DialPermit) => void;
};

/**
 * Sends one leg over the trunks that may carry it. When a trunk does not take it, the next one that the gate allows is tried, until one has
 * rung.
 */
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
  /** A stop during the attempt wins. When the gate fails, the failure of the trunk is reported. */
  async function next(permit: DialPermit, failure: WayFailed, returns: boolean, signal: AbortSignal): Promise<DialPermit> {
    const found = await gate.otherWay(permit, { returns }).catch((error: unknown) => {
      log.error({ err: error }, 'another trunk could not be requested');
      return undefined;
    });
    if (found === undefined || signal.aborted) throw failure;
    return found;
  }

  return async ({ permit: first, sdp: firstSdp, describe, onLeaving, onMoved, onAlerted, ...out }) => {
    const beganMs = nowMs();
    let [permit, sdp] = [first, firstSdp];
    /** Trunks that seem to be down. A call to the police is never given up for that: these trunks are tried when no other took it. */
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
          // The person has been waiting since the first attempt.
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
