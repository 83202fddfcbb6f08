import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { newId } from '../shared/platform/stores/new-id.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { numberHasher } from '../shared/platform/reach/number-hash.js';
import { createObjectSizes } from '../shared/platform/stores/object-sizes.js';
import { createObjectClient, type ObjectClient } from '../shared/platform/stores/objects.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { productVersion } from '../shared/platform/settings/product-version.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createArchiveCopies } from './adapters/archive-copies.js';
import { renderDocx } from '../shared/platform/paper/docx-renderer.js';
import { createInspectorReader, type InspectorReads } from './adapters/stores/mongo-inspector.js';
import { createFilings, createJobs, createPacks, createStates } from './adapters/stores/mongo-evidence.js';
import { sealFacts, type SealedFacts } from './quality/sealed-facts.js';
import { createMongoRows, type RowReads } from './adapters/stores/mongo-rows.js';
import { createSeatLog, createSeatRows, createSiteReader, type SiteReads } from './adapters/stores/mongo-seat-log.js';
import { excerptOf, packFiles } from './adapters/pack-excerpt.js';
import { readPackFile, verifyPack } from './adapters/pack-verifier.js';
import { renderDrawingPdf, renderPdf, renderPicturePdf } from '../shared/platform/paper/pdf-renderer.js';
import { rasterise } from '../shared/platform/paper/resvg-rasteriser.js';
import { openSigner, type Signer } from './adapters/signing-key.js';
import { requestTimeStamp } from '../shared/platform/signing/time-stamp.js';
import { createWorkshops, readFixedFiles } from './adapters/workshop.js';
import { renderXlsx } from './adapters/xlsx-renderer.js';
import { createZip } from './adapters/zip-writer.js';
import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import type { Usage } from './checks/usage.js';
import { readSiteState } from './evidence-service.js';
import { createConclusions, createEvidenceHttp } from './http.js';
import { localDate } from '../shared/domain/time/local-time.js';
import { speak, type Language } from '../shared/domain/language.js';
import { rowsOf } from '../shared/domain/licence/licence-file.js';
import { shownRules } from '../shared/domain/licence/rules/rule-book.js';
import type { PackDependencies } from './pack/pack-needs.js';
import type {
  AttachedBodies,
  Inventory,
  LedgerNumbersReader,
  LedgerReader,
  LicenceFileReader,
  ProbeRound,
  RecordedBodies,
  RecordingLooks,
  SheetsFrom,
  StoredFiguresReader,
  Stretch,
} from './ports.js';
import type { SeedSources } from '../shared/domain/licence/seed.js';
import { createDayContradictions, type OwnerReads } from './owners/day-contradictions.js';
import { createWorker } from './worker.js';

export type { AttachedBodies, StoredFiguresReader } from './ports.js';
export { createPacks as createPackStore } from './adapters/stores/mongo-evidence.js';
export { packFormatPage } from './pack/pack-format-page.js';
export { formulas } from './quality/formulas.js';
export { tableWords } from './quality/readable-rows.js';
export type { SheetsFrom } from './ports.js';
export { verifyPack, type VerifiedPack } from './adapters/pack-verifier.js';
export { verifyPacks } from './adapters/pack-chain.js';

export interface EvidenceDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly reads: RowReads & SiteReads & InspectorReads;
  readonly objects: ObjectClient;
  readonly audit: Audit;
  readonly commands: CommandBus;
  readonly licenceFile: LicenceFileReader;
  readonly inventory: Inventory;
  /** The calendar that decides whether a date is a working day. */
  readonly workdays: () => Promise<(date: CalendarDate) => boolean>;
}

export interface EvidenceWorkerDependencies extends EvidenceDependencies {
  readonly bus: EventBus;
  readonly log: Logger;
  /** The stored figures of complaints and satisfaction for months and years. */
  readonly storedFigures: StoredFiguresReader;
  /** The sealed day sheets from a day on (`YYYY-MM-DD`), in order. */
  readonly sheets: SheetsFrom;
  /** What left the house about the day sheets from a day on. */
  readonly witnessed: PackDependencies['witnessed'];
  readonly openJumps: PackDependencies['openJumps'];
  readonly auditedJumps: PackDependencies['auditedJumps'];
  readonly ledger: LedgerReader;
  readonly ledgerNumbers: LedgerNumbersReader;
  /** The restores from a backup, as the audit log has them, in order. */
  readonly restores: PackDependencies['restores'];
  /** The bytes of attachments of complaints, registers and consents. */
  readonly attached: AttachedBodies;
  /** The bytes of archived recordings. */
  readonly recorded: RecordedBodies;
  readonly newLooks: () => RecordingLooks;
  /** The content of a file of the licence file. */
  readonly attachment: (attachmentId: string) => Promise<Uint8Array>;
  readonly probe: ProbeRound;
  /** The clock of the packs and the round. Default: the machine's. */
  readonly now?: () => Date;
}

const VERSION = productVersion();
const drawnDocx: PackDependencies['render']['docx'] = (document, letterhead) => renderDocx(document, letterhead, rasterise);
/** A pack with recordings is hundreds of megabytes. */
const ARCHIVE_PART_BYTES = 8 * 2 ** 20;
const systemNow = (): Date => new Date();
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Days and months at the site. The end of a period is the midnight after its last day. */
function siteCalendar(zone: string): {
  today(): CalendarDate;
  stretchOf(from: string, to: string): Stretch;
  monthOf(atMs: number): string;
} {
  const monthStarts: { fromMs: number; untilMs: number; month: string }[] = [];
  return {
    today: () => DateTime.now().setZone(zone).toISODate() ?? '',
    stretchOf: (from, to) => ({
      fromMs: DateTime.fromISO(from, { zone }).toMillis(),
      untilMs: DateTime.fromISO(to, { zone }).plus({ days: 1 }).toMillis(),
    }),
    // Called for millions of rows, nearly always for the same month as the row before.
    monthOf: (atMs) => {
      const known = monthStarts.find(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
      if (known !== undefined) return known.month;
      const start = DateTime.fromMillis(atMs, { zone }).startOf('month');
      const month = { fromMs: start.toMillis(), untilMs: start.plus({ months: 1 }).toMillis(), month: start.toFormat('yyyy-MM') };
      monthStarts.push(month);
      return month.month;
    },
  };
}

function compose({ config, mongo, reads, objects, licenceFile, inventory, workdays }: EvidenceDependencies) {
  const calendar = siteCalendar(config.SITE_TIME_ZONE);
  const filings = createFilings(mongo);
  const packs = createPacks(mongo, objects, config.S3_BUCKET, createObjectClient(config, { partBytes: ARCHIVE_PART_BYTES }));
  const stateOf = (usage: Usage, language: Language) =>
    readSiteState(usage, language, {
      licenceFile,
      inventory,
      filings,
      annualReports: packs,
      workdays,
      today: calendar.today,
      dateOf: (atMs) => localDate(atMs, config.SITE_TIME_ZONE),
      now: () => new Date(),
      version: VERSION,
      clockLimitMs: config.CLOCK_DRIFT_LIMIT_MS,
    });
  return {
    calendar,
    filings,
    stateOf,
    states: createStates(mongo),
    packs,
    jobs: createJobs(mongo),
    rows: rowsFor({ config, mongo, reads, objects }),
    site: createSiteReader(mongo, reads, config.SITE_TIME_ZONE),
  };
}

const rowsFor = ({
  config,
  mongo,
  reads,
  objects,
  newLooks,
}: Pick<EvidenceDependencies, 'config' | 'mongo' | 'objects'> & {
  readonly reads: RowReads;
  readonly newLooks?: (() => RecordingLooks) | undefined;
}) =>
  createMongoRows(reads, () => createObjectSizes(objects, config.S3_BUCKET), {
    seats: createSeatRows(mongo),
    zone: config.SITE_TIME_ZONE,
    newLooks,
  });

/** The figures' source rows that the stores hold for a day, for that day's sheet, and the calls of a day about which their owners disagree. */
export function createDayFacts(
  needs: Pick<EvidenceDependencies, 'config' | 'mongo' | 'objects'> & { readonly reads: RowReads & OwnerReads },
) {
  const rows = rowsFor(needs);
  return {
    of: (day: Stretch, sealed?: Parameters<typeof sealFacts>[3]): Promise<SealedFacts> => sealFacts(rows, day, sha256Hex, sealed),
    contradictions: createDayContradictions(needs.reads),
  };
}

/** The equipment list of the last round of probes. */
export function createEquipmentNow({ mongo, commands }: Pick<EvidenceDependencies, 'mongo' | 'commands'>) {
  const conclusions = createConclusions({ states: createStates(mongo), commands });
  return async (language: Language) => (await conclusions.shown(language)).value.equipment;
}

/** Pages under `/evidence`. Expensive work is sent to the worker by command. */
export function createEvidenceRoutes(needs: EvidenceDependencies & Pick<SeedSources, 'namedSeed' | 'newestWitnessed'>): Route[] {
  const parts = compose(needs);
  return createEvidenceHttp({
    ...parts,
    servedNumber: async () => rowsOf(await needs.licenceFile.read('zh-CN'), 'numbers')[0]?.key,
    rulesNow: async (language) => shownRules(await needs.licenceFile.read(language), parts.calendar.today(), speak(language)),
    commands: needs.commands,
    audit: needs.audit,
    inspector: createInspectorReader(needs.reads, numberHasher(needs.config.MASTER_KEY)),
    zone: needs.config.SITE_TIME_ZONE,
    rasterise,
    drawPdf: renderDrawingPdf,
    archivePath: createArchiveCopies(needs.config.PROOFLINE_HOME, parts.packs),
    verify: async (path) => {
      const { files: _files, history: _history, ...verdict } = await verifyPack(path);
      return verdict;
    },
    readFile: readPackFile,
    filesOf: packFiles,
    excerpt: excerptOf,
    licenceFile: needs.licenceFile,
    now: systemNow,
    sha256Hex,
    namedSeed: needs.namedSeed,
    newestWitnessed: needs.newestWitnessed,
    renderDocx: drawnDocx,
    version: VERSION,
    newSeed: () => randomBytes(8).toString('hex'),
  });
}

/**
 * Opens the key of the site that signs packs and sheets. A new key is noted in the audit chain, because the published fingerprint does not
 * fit what it signs.
 */
export const createSigner =
  ({ config, audit }: Pick<EvidenceDependencies, 'config' | 'audit'>) =>
  (): Promise<Signer> =>
    openSigner(join(config.PROOFLINE_HOME, 'secrets', 'evidence-signing-key.pem'), (fingerprint) =>
      audit({ who: 'system:evidence', what: 'evidence-key.made', object: fingerprint, success: true }),
    );

/** Seats that were online since a moment, as readings of a probe. */
export const createSeatReadings = ({ config, mongo, reads }: Pick<EvidenceDependencies, 'config' | 'mongo' | 'reads'>) =>
  createSeatLog(mongo, config.SITE_TIME_ZONE, reads).recentSeats;

/** For the cases role: probes on a clock, the filing watch, duties, and packs by the command `evidence.make-pack`. */
export function createEvidenceWorker(needs: EvidenceWorkerDependencies): Service {
  const { config, mongo, bus, commands, log, now = systemNow } = needs;
  const parts = compose(needs);
  const seatLog = createSeatLog(mongo, config.SITE_TIME_ZONE, needs.reads);
  const workshops = createWorkshops(config.PROOFLINE_HOME, config.SITE_TIME_ZONE);
  const tsaUrl = config.EVIDENCE_TSA_URL;
  const openKey = createSigner(needs);
  const packNeeds = async (): Promise<Omit<PackDependencies, 'probe'>> => ({
    ...parts,
    rows: rowsFor(needs),
    newLooks: needs.newLooks,
    storedFigures: needs.storedFigures,
    restores: needs.restores,
    sheets: needs.sheets,
    openJumps: needs.openJumps,
    auditedJumps: needs.auditedJumps,
    ledger: needs.ledger,
    ledgerNumbers: needs.ledgerNumbers,
    attached: needs.attached,
    recorded: async (callId, sha256, { who, reason }) => {
      await needs.audit({ who, what: 'recording.downloaded', object: callId, success: true, reason });
      return needs.recorded(callId, sha256);
    },
    witnessed: needs.witnessed,
    zone: config.SITE_TIME_ZONE,
    version: VERSION,
    now,
    stretchOf: parts.calendar.stretchOf,
    monthOf: parts.calendar.monthOf,
    readState: parts.stateOf,
    render: { pdf: renderPdf, docx: drawnDocx, xlsx: renderXlsx },
    drawPdf: renderDrawingPdf,
    attachment: needs.attachment,
    picturePdf: renderPicturePdf,
    rasterise,
    signer: await openKey(),
    ...(tsaUrl === undefined ? {} : { timeStamp: (body) => requestTimeStamp(tsaUrl, body) }),
    sha256Hex,
    openWorkshop: workshops.open,
    openArchive: createZip,
    fixedFiles: readFixedFiles,
  });
  return createWorker({
    ...parts,
    seatLog,
    probe: needs.probe,
    packNeeds,
    sweep: workshops.sweep,
    bus,
    commands,
    log,
    audit: needs.audit,
    now,
    newId,
  });
}
