import type { Stack } from './stack.js';

/** Makes a request that a test needs to succeed; resolves with what was answered. Fails with the answer otherwise. */
export async function asked<T = unknown>(
  stack: Pick<Stack, 'http'>,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await stack.http(method, path, { token, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}
