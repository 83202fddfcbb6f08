import { asked } from '../support/asked.js';
import type { Stack } from '../support/stack.js';

/** A number that leads to the queue of all agents, and nothing after the call. Its callers come from the trunk at these addresses. */
export async function openNumber(stack: Stack, number: string, carriers: readonly string[]): Promise<void> {
  const admin = await stack.signIn('admin');
  const trunk = { name: 'edge', addresses: carriers, trustsIdentity: false, permittedCallerNumbers: ['4001000'], enabled: true };
  await asked(stack, admin, 'PUT', '/api/trunks/local', trunk);
  const flow = { noticePromptId: 'beep', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
  await asked(stack, admin, 'PUT', `/api/numbers/${number}`, { name: 'round', status: 'in-service', language: 'en', flow });
}
