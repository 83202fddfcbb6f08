import { z } from 'zod';
import type { SignedIn } from '../../../services/shared/contracts/session.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const setUp = z.object({ home: z.string(), certificates: z.string() });

/** What the tier's set-up started for this worker of jest: the folder of the product, and that of the carriers' certificates. */
function ofThisWorker(): z.infer<typeof setUp> {
  const written = process.env[`PROOFLINE_ATTACKED_${process.env['JEST_WORKER_ID'] ?? '1'}`];
  if (written === undefined) throw new Error('the set-up of this tier did not run');
  return setUp.parse(JSON.parse(written));
}

/** The product that the tier's set-up started. */
export const attacked = (): Stack => Stack.attach(ofThisWorker().home);

/** The folder with the carriers' certificates; `all.json` in it says which they are. */
export const certificatesFolder = (): string => ofThisWorker().certificates;

/** A sign-in of its own, with the response headers that an attacker at that computer would have. */
export async function enter(stack: Stack, name: string, { from, password }: { from?: string; password?: string } = {}) {
  const { status, body, headers } = await stack.http('POST', '/api/session', {
    body: { name, password: password ?? stack.password },
    ...(from === undefined ? {} : { from }),
  });
  return { status, signedIn: body as SignedIn, headers };
}

let supervisor: Promise<string> | undefined;
/** One sign-in for the whole file: an attack that needs its own makes its own. */
const supervisorOf = (stack: Stack): Promise<string> => (supervisor ??= stack.signIn('supervisor'));

/** Calls that are up now. */
export async function liveCalls(stack: Stack): Promise<string[]> {
  const { status, body } = await stack.http('GET', '/api/calls/live', { token: await supervisorOf(stack) });
  if (status !== 200) throw new Error(`the live calls were answered ${status}: ${JSON.stringify(body)}`);
  return (body as { calls: { callId: string }[] }).calls.map(({ callId }) => callId);
}

/** Ends every call that an attack has left behind, so that the next attack finds none. */
export async function endAllCalls(stack: Stack): Promise<void> {
  const token = await supervisorOf(stack);
  for (const callId of await liveCalls(stack)) await stack.http('POST', `/api/calls/${callId}/end`, { token, body: { reason: 'over' } });
  await until(
    () => liveCalls(stack),
    (calls) => calls.length === 0,
  );
}
