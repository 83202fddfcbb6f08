import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fuzzRelay } from '../../support/hostile/relay-fuzz.js';

const DESCRIPTIONS = 1_000;
const LONGEST_MS = 20_000;
const prompt = join(import.meta.dirname, '..', '..', '..', 'services', 'calls', 'prompts', 'en', 'beep.wav');

test('hostile session descriptions do not end the relay', async () => {
  const outcome = await fuzzRelay({ seed: 20_261_127, count: DESCRIPTIONS, untilMs: Date.now() + LONGEST_MS, prompt });
  expect(outcome).toMatchObject({ deaths: 0, suspects: [] });
  // Most of it must get past the door, or the relay has not been tried.
  expect(outcome.descriptions).toBeGreaterThan(300);
  expect(outcome.taken).toBeGreaterThan(outcome.descriptions / 5);
  for (const door of ['invalid-request', 'media-address-not-allowed', 'no-common-codec']) expect(outcome.refused[door]).toBeGreaterThan(0);
});
