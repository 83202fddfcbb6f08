// npm run proof-call [-- --json] [--trunk ID [--echo]]: a call through the running product, proved by tones; exit code 0 only if every stage
// holds. It goes over the machine's loopback, or with --trunk out by that trunk and in again as in its last test, or with --echo to the
// carrier's echo number.
import { createValkeyBus } from '../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../services/shared/platform/events/valkey-commands.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { configOfRunning } from './running-product.js';

const words: Readonly<Record<string, string>> = {
  'seat-ready': 'seat signed in, audio up, ready',
  'call-answered': 'call answered',
  'seat-rings': 'seat rings',
  'seat-answers': 'seat answers',
  'caller-hears-agent': 'caller hears the agent’s tone',
  'agent-hears-caller': 'agent hears the caller’s tone',
  'call-ended': 'caller hangs up, record closed',
  'recording-stored': 'recording in the object store',
  'tones-in-channels': 'each tone in its channel',
  'hash-equal': 'hash of the stored file',
  'voice-measured': 'voice, MOS-CQE of each leg',
  'ledger-whole': 'ledger row, nothing lost',
  'witnesses-agree': 'recorder and relay capture agree',
  'lock-holds': 'locked object resists',
  'played-by-console': 'played over the console’s address',
  'carrier-answers': 'carrier’s number answers',
  'echo-heard': 'both tones back from the echo',
};

const asJson = process.argv.includes('--json');
const given = process.argv.indexOf('--trunk');
const trunkId = given < 0 ? undefined : process.argv[given + 1];
const end = process.argv.includes('--echo') ? ({ end: 'echo' } as const) : {};
const config = configOfRunning();
const bus = createValkeyBus({ url: config.VALKEY_URL, log: silentLogger });
const commands = createValkeyCommands({ url: config.VALKEY_URL, log: silentLogger });

const line = (name: string, ok: boolean, ms: number, detail: string): string =>
  `${ok ? 'yes' : 'NO '}  ${(words[name] ?? name).padEnd(36)} ${`${ms} ms`.padStart(9)}  ${detail}`;

if (!asJson)
  await bus.follow((delivered) => {
    if (delivered.name === 'proof.stage')
      console.log(line(delivered.event.name, delivered.event.ok, delivered.event.ms, delivered.event.detail));
  });
try {
  const proof = await commands.send(
    'proof.run',
    { origin: 'command', ...(trunkId === undefined ? {} : { trunkId, ...end }) },
    { timeoutMs: 240_000 },
  );
  if (asJson) console.log(JSON.stringify(proof));
  else
    console.log(
      `\n${proof.ok ? 'Proved' : 'NOT PROVED'}: ${proof.stages.filter(({ ok }) => ok).length} of ${proof.stages.length} stages, ${proof.totalMs} ms.`,
    );
  process.exitCode = proof.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : 'The proof call could not be made.');
  process.exitCode = 1;
} finally {
  await bus.close();
  await commands.close();
}
