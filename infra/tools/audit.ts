// npm run audit -- --check: the audit chain of the running product against its anchors, and the sealed days against the rows that the stores
// hold now; exit code 0 only if the chain is whole and complete and no sealed row was changed.
import { checkAudit } from '../../services/audit/index.js';
import { createDayFacts } from '../../services/evidence/index.js';
import { createAllReads } from '../../services/main/reads.js';
import { checkRecordingDays, sealedAuditHeads } from '../../services/recording/index.js';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import { createObjectClient } from '../../services/shared/platform/stores/objects.js';
import { configOfRunning } from './running-product.js';

if (!process.argv.includes('--check')) {
  console.error('Usage: npm run audit -- --check');
  process.exit(2);
}
const config = configOfRunning();
const mongo = await connectMongo(config);
try {
  const objects = createObjectClient(config);
  const { rows, integrity, completeness } = await checkAudit({
    mongo,
    objects,
    bucket: config.S3_BUCKET,
    keepDays: config.AUDIT_KEEP_DAYS,
    sealedHeads: () => sealedAuditHeads(objects, config.S3_BUCKET),
  });
  console.log(`${rows} rows`);
  console.log(
    integrity.ok
      ? 'integrity     yes: no row was changed'
      : `integrity     NO: row ${integrity.firstBadRow ?? '?'} is not what was written`,
  );
  const missing =
    completeness.missing.length > 0
      ? `rows ${completeness.missing.slice(0, 10).join(', ')} are missing`
      : `the tail is cut: row ${completeness.cutTailBelow ?? '?'} was anchored and is gone`;
  console.log(completeness.ok ? 'completeness  yes: no row is missing' : `completeness  NO: ${missing}`);
  const stores = { config, mongo, objects };
  const days = await checkRecordingDays({ ...stores, facts: createDayFacts({ ...stores, reads: createAllReads(mongo) }) });
  const areKept = days.findings.length === 0;
  console.log(areKept ? `sealed days   yes: ${days.sheets} days are as they were sealed` : 'sealed days   NO: what was sealed was changed');
  for (const { what, detail } of days.findings) console.log(`              ${what}: ${detail}`);
  process.exitCode = integrity.ok && completeness.ok && areKept ? 0 : 1;
} finally {
  await mongo.close();
}
