import { createMembersOf, createTeamReader } from '../identity/index.js';
import { createJumpReader, createRestoreReader } from '../audit/index.js';
import { createBackups } from '../backups/index.js';
import { createNumberStore, waysOutOf } from '../calls/index.js';
import { createCampaigns } from '../campaigns/index.js';
import { createComplaintFigures, createComplaintWorker, createWorkdayReader } from '../complaints/index.js';
import { createEvidenceWorker, createDayFacts, createSeatReadings, createSigner, type StoredFiguresReader } from '../evidence/index.js';
import { createInventory, createProbeRound, createTimeSource } from '../inventory/index.js';
import { createProofCalls, createProofSheets } from '../proof-call/index.js';
import { createFigures, createReportMails } from '../figures/index.js';
import { createMessages, createMessageSender } from '../messages/index.js';
import { createMailAddresses, createNoticeWorker } from '../notices/index.js';
import { createCampaignRules, createDoNotCall, createElementRows, createGateFeed, createOutboundWorker } from '../outbound/index.js';
import {
  createLedgerNumbers,
  createLedgerReader,
  createOpenJumps,
  createProofWitnesses,
  createRecordingBodies,
  createRecordingLooks,
  createRecordingHolds,
  createRecordingKeeper,
  createRecordingReader,
  createSheetReader,
} from '../recording/index.js';
import {
  createAttachmentBodies,
  createLicenceFile,
  createRegisterList,
  createRegisterRows,
  createRegistryWorker,
  seedRegistryDemo,
} from '../registry/index.js';
import { createSatisfaction, createSatisfactionFigures } from '../satisfaction/index.js';
import type { FigureBook } from '../shared/platform/stores/figure-book.js';
import { numberHasher } from '../shared/platform/reach/number-hash.js';
import { createNumberLookUps, createValkeyLookUpCounter } from '../shared/platform/reach/number-look-ups.js';
import { createObjectClient } from '../shared/platform/stores/objects.js';
import { createReach, narrowedBySites } from '../shared/platform/reach/reach.js';
import type { Service } from '../shared/platform/processes/service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { createSheetWitnesses, createWitnessedSince } from '../witness/index.js';
import { createResultNames, createWorkspace } from '../workspace/index.js';
import type { ComposeRole } from './context.js';
import { createAttachedBodies } from './attached-bodies.js';
import { createNumberForms } from './number-forms.js';
import { holderOf } from '../shared/domain/licence/licence-file.js';
import { createLicenceHolder } from './licence-holder.js';
import { createPartWatch, partsOf } from './part-watch.js';
import { whenStored } from './when-stored.js';

/** Run from source, the tool has the same loader as this process. */
const backupTool = new URL(`../../infra/backup/backup${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export const compose: ComposeRole = async (connections) => {
  const context = { ...connections, objects: createObjectClient(connections.config) };
  const { config, mongo, documents } = context;
  const hashNumber = numberHasher(config.MASTER_KEY);
  const feed = createGateFeed(context.valkey, context.log);
  const registry = { ...context, registerChanged: () => feed.publish({ topic: 'register', hashes: [] }) };
  const doNotCall = createDoNotCall({ mongo, hashNumber, feed, audit: context.audit });
  const messages = createMessages(context);
  const complaints = {
    ...context,
    holds: createRecordingHolds(context),
    doNotCall,
    messages,
    licenceHolder: createLicenceHolder(context),
    serviceNumbers: () => createNumberStore(context).numbers(),
    hashNumber,
    lookUps: createNumberLookUps({ counter: createValkeyLookUpCounter(context.valkey), hashNumber, bus: context.bus }),
  };
  const services: Service[] = [
    // Runs at start, not at composition: its rows go into the audit chain, which the api role serves by then.
    {
      name: 'demo-registry',
      start: async () => (context.config.DEMO_DATA === 'yes' ? seedRegistryDemo(registry) : undefined),
      stop: async () => undefined,
    },
    createNumberForms({ ...context, feed }),
    createComplaintWorker(complaints),
    createNoticeWorker({ ...context, messages }),
    createMessageSender(context),
    createSatisfaction({ ...context, messages, hashNumber, refused: (number) => doNotCall.refused(number) }),
    createWorkspace(context),
    createOutboundWorker({ ...context, feed, zone: config.SITE_TIME_ZONE }),
    createCampaigns({
      ...context,
      callingOut: createCampaignRules({
        mongo,
        feed,
        zone: config.SITE_TIME_ZONE,
        register: createRegisterRows(context),
        registerList: createRegisterList(context),
        waysOut: async () => waysOutOf(await createNumberStore(context).trunks()),
      }),
    }),
    createRegistryWorker(registry),
    createFigures(context),
    createReportMails({
      ...context,
      membersOf: createMembersOf(mongo),
      teamsOf: createTeamReader(mongo),
      resultNames: createResultNames(mongo),
      elementsOf: createElementRows({ ...context, bucket: config.S3_BUCKET, keepDays: config.CONSENT_KEEP_DAYS }),
      headingOf: createLicenceHolder(context),
      addressesOf: createMailAddresses(context),
      queue: (mail) => messages.queue(mail),
      reachOf: async (principal) => {
        const numbersOf = () => createNumberStore(context).numbers();
        return createReach(
          numbersOf,
          createMembersOf(mongo),
        )(principal === undefined ? undefined : await narrowedBySites(numbersOf)(principal));
      },
      workdays: createWorkdayReader(mongo),
      origin: config.WEB_ORIGIN,
    }),
    createEvidenceWorker({
      ...context,
      licenceFile: createLicenceFile(context),
      inventory: createInventory(context),
      probe: createProbeRound({ ...context, seats: createSeatReadings(context) }),
      attachment: createAttachmentBodies(context),
      storedFigures: storedFigures(complaints, context),
      witnessed: createWitnessedSince(context),
      sheets: createSheetReader(mongo),
      openJumps: createOpenJumps(mongo),
      auditedJumps: createJumpReader(mongo),
      ledger: createLedgerReader(mongo),
      ledgerNumbers: createLedgerNumbers(mongo),
      restores: createRestoreReader(mongo),
      attached: createAttachedBodies(context),
      recorded: createRecordingBodies(context),
      newLooks: createRecordingLooks(context),
      workdays: createWorkdayReader(mongo),
    }),
    createSheetWitnesses({
      ...context,
      messages,
      licenceFile: createLicenceFile(context),
      openSigner: createSigner(context),
      sheets: createSheetReader(mongo),
    }),
    createRecordingKeeper({ ...context, facts: createDayFacts(context), timeSource: createTimeSource(config.NTP_SERVERS) }),
    createBackups({ ...context, script: backupTool }),
    createPartWatch({ ...context, ...{ nowMs: systemClock.nowMs, liveState: () => context.valkey.ping(), parts: partsOf(context) } }),
    ...proofServices({ ...context, recordings: createRecordingReader(context), witnesses: createProofWitnesses(context) }),
  ];
  return services.map((service) => whenStored(documents, service));
};

/** The stored data of the slices, as the evidence reads it. */
const storedFigures =
  (
    complaints: Parameters<typeof createComplaintFigures>[0],
    satisfaction: Parameters<typeof createSatisfactionFigures>[0],
  ): StoredFiguresReader =>
  async () => {
    const read = async (what: 'complaints' | 'satisfaction', book: Pick<FigureBook<object>, 'newest'>) =>
      (await book.newest()).map(({ period, asOf, formulaVersion, by, figures }) => ({
        what,
        period,
        asOfMs: asOf.getTime(),
        formulaVersion,
        by,
        figures: figures as Readonly<Record<string, unknown>>,
      }));
    return [
      ...(await read('complaints', createComplaintFigures(complaints))),
      ...(await read('satisfaction', createSatisfactionFigures(satisfaction))),
    ];
  };

/** Test calls, and their signed sheets. */
const proofServices = (context: Parameters<typeof createProofCalls>[0] & Parameters<typeof createLicenceFile>[0]): Service[] => [
  createProofSheets({
    ...context,
    openSigner: createSigner(context),
    holder: async (language) => holderOf(await createLicenceFile(context).read(language)),
  }),
  createProofCalls(context),
];
