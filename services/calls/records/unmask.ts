import { CallCentreError } from '../../shared/domain/failure.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { NumberLookUps } from '../../shared/platform/reach/number-look-ups.js';
import type { StoredCall } from '../adapters/mongo-calls.js';

interface UnmaskDependencies {
  readonly visible: (principal: Principal, callId: CallId) => Promise<StoredCall>;
  readonly lookUps: Pick<NumberLookUps, 'take'>;
  readonly audit: Audit;
}

interface Asked {
  readonly callId: CallId;
  readonly from: string;
  readonly reason: string;
  readonly attemptId?: string;
}

/** The whole number of the other side of a call, or of a third party: for a reason, within the look-ups of a day, and in the audit log. */
export function createUnmaskRoutes({ visible, lookUps, audit }: UnmaskDependencies): Route[] {
  async function shown(principal: Principal, { callId, from, reason, attemptId }: Asked, number: string): Promise<string> {
    const which = attemptId === undefined ? {} : { after: { attemptId } };
    const entry = { who: principal.userId, what: 'number.unmasked', object: `call:${callId}`, from, reason, ...which } as const;
    await lookUps.take(principal, number).catch(async (error: unknown) => {
      await audit({ ...entry, success: false });
      throw error;
    });
    await audit({ ...entry, success: true });
    return number;
  }

  return [
    route('POST /calls/:callId/unmask', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body, from }) => {
        const { callerNumber } = await visible(principal, params.callId);
        return { callerNumber: await shown(principal, { ...params, ...body, from }, callerNumber) };
      },
    }),
    route('POST /calls/:callId/unmask-leg', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body, from }) => {
        const { dialled } = await visible(principal, params.callId);
        const number = dialled.find(({ attemptId }) => attemptId === body.attemptId)?.number;
        if (number === undefined || number === null) throw new CallCentreError('not-found', 'No such leg, or its number was not kept.');
        return { number: await shown(principal, { ...params, ...body, from }, number) };
      },
    }),
  ];
}
