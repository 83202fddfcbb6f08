// npm run ledger -- --check [--seed WORDS] [--whole] [--json]: the recording ledger of the running product, recomputed; exit code 0 only if
// nothing is wrong. `--seed` decides which recordings are read, `--whole` reads them all.
import { createDayFacts } from '../../services/evidence/index.js';
import { createAllReads } from '../../services/main/reads.js';
import { checkRecordingLedger } from '../../services/recording/index.js';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import { createObjectClient } from '../../services/shared/platform/stores/objects.js';
import { configOfRunning } from './running-product.js';

const words = process.argv.slice(2);
if (!words.includes('--check')) {
  console.error('Usage: npm run ledger -- --check [--seed WORDS] [--whole] [--json]');
  process.exit(2);
}
const seed = words.includes('--seed') ? words[words.indexOf('--seed') + 1] : undefined;
const config = configOfRunning();
const mongo = await connectMongo(config);
try {
  const stores = { config, mongo, objects: createObjectClient(config) };
  const verdict = await checkRecordingLedger({
    ...stores,
    facts: createDayFacts({ ...stores, reads: createAllReads(mongo) }),
    whole: words.includes('--whole'),
    ...(seed === undefined ? {} : { seed }),
  });
  if (words.includes('--json')) console.log(JSON.stringify(verdict));
  else {
    const { recorded, paused, lost } = verdict.seconds;
    console.log(`${verdict.rows} legs, ${verdict.open} of them live or being archived, ${verdict.sheets} sealed days`);
    console.log(
      `seconds: ${recorded ?? 0} recorded, ${paused ?? 0} declared pause, ${verdict.seconds['no-media'] ?? 0} without media, ${lost ?? 0} lost`,
    );
    const { present, opened, deleted } = verdict.archive;
    console.log(`archive: ${present} objects with their length, ${opened} of them read and compared, ${deleted} deleted`);
    for (const { what, detail } of verdict.findings) console.log(`${what}: ${detail}`);
    console.log(verdict.ok ? 'The ledger is whole.' : 'The ledger is NOT whole.');
  }
  process.exitCode = verdict.ok ? 0 : 1;
} finally {
  await mongo.close();
}
