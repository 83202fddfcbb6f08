import type { SignedIn } from '../../../services/shared/contracts/session.js';
import { Stack } from '../../support/stack.js';

/** The product that the tier's set-up started. */
export function attacked(): Stack {
  const home = process.env['PROOFLINE_ATTACKED_HOME'];
  if (home === undefined) throw new Error('the set-up of this tier did not run');
  return Stack.attach(home);
}

/** A sign-in by itself, with what an attacker who sits at that computer has. */
export async function enter(stack: Stack, name: string, { from, password }: { from?: string; password?: string } = {}) {
  const { status, body, headers } = await stack.http('POST', '/api/session', {
    body: { name, password: password ?? stack.password },
    ...(from === undefined ? {} : { from }),
  });
  return { status, signedIn: body as SignedIn, headers };
}
