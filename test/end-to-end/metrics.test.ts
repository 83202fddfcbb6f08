import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../integration/recording/recording-support.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const TOKEN = 'scraper-token-of-the-end-to-end-test';

let stack: Stack;
let at: string;

beforeAll(async () => {
  const port = await freePort();
  at = `http://127.0.0.1:${port}/metrics`;
  stack = await Stack.start({ env: { METRICS_PORT: String(port), METRICS_TOKEN: TOKEN } });
}, 120_000);
afterAll(() => stack[Symbol.asyncDispose]());

test('a scraper with the token is given figures, alarms and who answered; nobody else is, and the door of people has none', async () => {
  const scrape = async (): Promise<string> => (await fetch(at, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  const text = await until(scrape, (said) => (said.match(/^proofline_answered\{part="\w+"\} 1$/gm) ?? []).length === 4);
  expect(text).toMatch(/^proofline_queue_figure\{queue="service",figure="waiting",window="today"\} 0$/m);
  expect(text).toMatch(/^proofline_alarms\{code="trunk-down",level="alarm",state="open"\} \d+$/m);
  expect(text).not.toContain('queue="proof"');
  expect((await fetch(at)).status).toBe(401);
  expect(JSON.stringify((await stack.http('GET', '/metrics')).body ?? '')).not.toContain('proofline_');
  expect(JSON.stringify((await stack.http('GET', '/api/metrics')).body ?? '')).not.toContain('proofline_');
}, 60_000);
