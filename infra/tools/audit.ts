// npm run audit -- --check: the audit chain of the running product against its anchors; exit code 0 only if it is whole and complete.
import { checkAudit } from '../../services/audit/index.js';
import { sealedAuditHeads } from '../../services/recording/index.js';
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
  process.exitCode = integrity.ok && completeness.ok ? 0 : 1;
} finally {
  await mongo.close();
}
