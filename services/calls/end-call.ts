import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { failureOf } from '../shared/domain/failure.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';

/** A supervisor ends a live call on both sides. No call ends without its row in the audit log; a refusal has a row of its own. */
export const createEndCallRoute = ({ commands, audit }: { readonly commands: CommandBus; readonly audit: Audit }): Route =>
  route('POST /calls/:callId/end', {
    reach: { kind: 'object', of: 'live-call', param: 'callId' },
    async handle({ principal: { userId, name }, params: { callId }, body: { reason }, from }) {
      const row = { who: userId, what: 'call.ended-by-supervisor', object: `call:${callId}`, from } as const;
      await audit({ ...row, success: true, reason });
      await commands.send('call.end', { callId, supervisorId: userId, by: name, reason }).catch(async (error: unknown) => {
        await audit({ ...row, success: false, reason: `${reason} · ${failureOf(error)}` });
        throw error;
      });
    },
  });
