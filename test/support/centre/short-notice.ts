import type { ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import { asked } from '../asked.js';
import type { Stack } from '../stack.js';

/**
 * Puts a flow of the demo number live that plays a beep in place of the eight-second notice: for tests that make many calls and are not
 * about the notice. In main-call and web-call the whole notice is heard.
 */
export async function shortNotice(stack: Stack): Promise<void> {
  const token = await stack.signIn('supervisor');
  const { numbers } = await asked<{ numbers: ServiceNumber[] }>(stack, token, 'GET', '/api/numbers');
  const flow = { ...numbers.find(({ number }) => number === '4001000')?.flow, noticePromptId: 'beep' };
  const { version } = await asked<{ version: number }>(stack, token, 'POST', '/api/numbers/4001000/flows', { flow });
  await asked(stack, token, 'PUT', '/api/numbers/4001000/flow', { version });
}
