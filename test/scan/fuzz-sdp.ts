// Hostile session descriptions through the product's door into a real relay. `npm run fuzz:sdp -- COUNT SEED SECONDS`; the same seed makes
// the same descriptions.
import { join } from 'node:path';
import { fuzzRelay } from '../support/hostile/relay-fuzz.js';

const [count = '100000', seed = '1', seconds = '3600'] = process.argv.slice(2);
const startedAtMs = Date.now();
const outcome = await fuzzRelay({
  count: Number(count),
  seed: Number(seed),
  untilMs: startedAtMs + Number(seconds) * 1_000,
  prompt: join(import.meta.dirname, '..', '..', 'services', 'calls', 'prompts', 'en', 'beep.wav'),
});
process.stdout.write(`${JSON.stringify({ seed: Number(seed), seconds: (Date.now() - startedAtMs) / 1_000, ...outcome }, null, 1)}\n`);
process.exit(outcome.deaths === 0 ? 0 : 1);
