import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { appendAudit, checkAudit } from '../../services/audit/index.js';
import { createDayFacts } from '../../services/evidence/index.js';
import { createAllReads } from '../../services/main/reads.js';
import { checkRecordingLedger, endSpooledCalls, sealedAuditHeads } from '../../services/recording/index.js';
import { readConfig, type Config } from '../../services/shared/platform/settings/config.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import { createObjectClient } from '../../services/shared/platform/stores/objects.js';
import { startDocumentStore } from '../embedded/documents/index.js';
import { checkFolder } from '../embedded/documents/maintenance/check.js';
import { checkObjectStore, startObjectStore } from '../embedded/objects/index.js';
import { parseCredentials } from '../embedded/objects/rules/policy.js';
import type { Home } from '../supervisor/plan/home.js';
import { secretFiles } from '../supervisor/plan/secrets.js';
import type { Manifest } from './manifest.js';
import type { Finding } from './words.js';

const USER = 'proofline';

/**
 * Starts the stores of a restored home for itself alone, writes the restore into the audit chain, and checks what the documents, the objects,
 * the audit chain and the ledger hold.
 *
 * @returns what was found; of stores on other servers nothing
 */
export async function verifyRestored(home: Home, manifest: Manifest, settings: Readonly<Record<string, string>>): Promise<Finding[]> {
  const { documents, objects } = manifest.parts;
  const findings: Finding[] = [];
  if (documents?.where === 'here') {
    const report = await checkFolder(home.documents, () => undefined);
    const counts = [report.documents, report.collections];
    findings.push({ what: 'documents', ok: report.problems.length === 0, counts, detail: report.problems.slice(0, 3).join('; ') });
  }
  if (objects?.where === 'here') {
    const report = await checkObjectStore(home.objects, false, () => undefined);
    const known = new Set(manifest.damaged);
    const kinds = [...new Set(report.problems.map(({ kind }) => kind))].join(', ');
    const detail = [kinds, known.size === 0 ? '' : `${known.size} were damaged before the backup`].filter((each) => each !== '').join('; ');
    findings.push({ what: 'objects', ok: report.problems.length === 0, counts: [report.versions, report.files], detail });
  }
  if (documents?.where !== 'here' || objects?.where !== 'here') return findings;
  return [...findings, ...(await underStores(home, manifest, settings))];
}

async function underStores(home: Home, manifest: Manifest, settings: Readonly<Record<string, string>>): Promise<Finding[]> {
  const password = readFileSync(join(home.secrets, secretFiles.documents), 'utf8').trim();
  const credentials = parseCredentials(JSON.parse(readFileSync(join(home.secrets, secretFiles.s3Credentials), 'utf8')));
  const documents = await startDocumentStore({ folder: home.documents, user: { name: USER, password } });
  try {
    // Nothing is written to it except what is due anyway, so that a nearly full disk can be checked too.
    const objects = await startObjectStore({
      dataFolder: home.objects,
      host: '127.0.0.1',
      port: 0,
      credentials,
      minFreeBytes: 0,
      log: () => undefined,
    });
    try {
      return await judged(configOf(home, settings, documents.uri, objects.endpoint), manifest);
    } finally {
      await objects.stop();
    }
  } finally {
    await documents.close();
  }
}

/** As the roles of the restored product will have it, but for the addresses of the stores. */
function configOf(home: Home, settings: Readonly<Record<string, string>>, documentsUri: string, endpoint: string): Config {
  const secret = (name: keyof typeof secretFiles): string => join(home.secrets, secretFiles[name]);
  // What pointed into the home of then does not exist here.
  const given = Object.entries(settings).filter(([name, value]) => !name.endsWith('_FILE') || existsSync(value));
  return readConfig({
    ...Object.fromEntries(
      given.filter(([name]) => !['BACKUP_DIR', 'VALKEY_URL', 'TLS_CERT_FILE', 'TLS_KEY_FILE', 'VALKEY_PASSWORD_FILE'].includes(name)),
    ),
    ...process.env,
    PROOFLINE_HOME: home.home,
    MONGODB_URI: `${documentsUri}proofline?authSource=admin`,
    MONGODB_USER: USER,
    MONGODB_PASSWORD_FILE: secret('documents'),
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_FILE: secret('s3AccessKey'),
    S3_SECRET_KEY_FILE: secret('s3SecretKey'),
    DRACHTIO_SECRET_FILE: secret('drachtio'),
    TOKEN_KEY_FILE: secret('token'),
    SEAT_KEY_FILE: secret('seat'),
    ...(process.env['MASTER_KEY'] === undefined ? { MASTER_KEY_FILE: secret('master') } : {}),
    ADMIN_PASSWORD_FILE: secret('admin'),
  });
}

async function judged(config: Config, { name, asOf }: Manifest): Promise<Finding[]> {
  const mongo = await connectMongo(config);
  try {
    const objects = createObjectClient(config);
    const stores = { config, mongo, objects };
    await appendAudit(mongo, {
      who: 'system:operator',
      what: 'backup.restored',
      object: `backup:${name}`,
      success: true,
      reason: `${userInfo().username}@${hostname()}; ${asOf}`,
    });
    const { ended } = await endSpooledCalls({ config, mongo, log: silentLogger });
    const bucket = config.S3_BUCKET;
    const audit = await checkAudit({
      mongo,
      objects,
      bucket,
      keepDays: config.AUDIT_KEEP_DAYS,
      sealedHeads: () => sealedAuditHeads(objects, bucket),
    });
    const ledger = await checkRecordingLedger({ ...stores, facts: createDayFacts({ ...stores, reads: createAllReads(mongo) }) });
    const { integrity, completeness } = audit;
    const cut = completeness.ok ? '' : `rows missing: ${completeness.missing.slice(0, 5).join(', ')} ${completeness.cutTailBelow ?? ''}`;
    return [
      {
        what: 'audit',
        ok: integrity.ok && completeness.ok,
        counts: [audit.rows],
        detail: integrity.ok ? cut : `row ${integrity.firstBadRow ?? '?'} is not what was written`,
      },
      {
        what: 'ledger',
        ok: ledger.ok,
        counts: [ledger.rows, ledger.open, ended],
        detail: ledger.findings
          .slice(0, 3)
          .map(({ what, detail }) => `${what}: ${detail}`)
          .join('; '),
      },
    ];
  } finally {
    await mongo.close();
  }
}
