import { CallCentreError } from '../../shared/domain/failure.js';
import type { Letterhead } from '../../shared/domain/licence/document.js';
import { annualSummary } from '../documents/cases/annual-report.js';
import { documentsOf } from '../documents/documents.js';
import { localTime } from '../../shared/domain/time/local-time.js';
import type { PackFacts, PackKind } from '../documents/pack-facts.js';
import { coverDocument, topologyFile } from '../documents/system-documents.js';
import { speak, type Say } from '../../shared/domain/language.js';
import { holderOf } from '../../shared/domain/licence/licence-file.js';
import { datesOf } from '../../shared/domain/time/period.js';
import type { PackRecord, RecordedBodies } from '../ports.js';
import { formulas } from '../quality/formulas.js';
import type { Archive, PackDependencies, PackOrder, Workshop } from './pack-needs.js';
import { addAttachments, heldBy } from './attachments.js';
import { clockJumpsFrom, HOLDS_JUMPS, JUMPS } from './clock-jumps.js';
import { createDraw, type Draw } from './draw.js';
import { addDrawnRecordings, openDrawn } from './drawn-recordings.js';
import { HISTORY, HOLDS_HISTORY, type PackHistory } from './history.js';
import { addRowFile, HOLDS_NUMBERS, HOLDS_PRINTED, HOLDS_TABLES, NUMBERS } from './row-files.js';
import { addSubmission, caseOf } from './submission.js';
import { countOnly, gather, type Gathered } from './gather.js';
import { outboundFacts } from './outbound-facts.js';
import {
  MANIFEST,
  SIGNATURE,
  SM2_SIGNATURE,
  STAMP,
  type SignatureFile,
  manifestText,
  type Manifest,
  type PackedFile,
  type PackedQuery,
} from './manifest.js';

export type Progress = (step: string, done: number, total: number) => Promise<void>;

const STEPS = 100;
const PNG_WIDTH_PX = 2_400;
const NAMES: Readonly<Record<PackKind, string>> = { licence: 'XK', renewal: 'XQ', change: 'BG', inspection: 'JC', annual: 'NB' };

/**
 * Makes a pack: reads, computes, makes the documents, writes the archive under a temporary name, signs, and only then gives it its name. A
 * failure at any moment leaves no file that looks like a pack. One at a time, because the chain has one end.
 */
export async function makePack(order: PackOrder, needs: PackDependencies, progress: Progress): Promise<PackRecord> {
  if (order.from > order.to) throw new CallCentreError('invalid-request', 'The period ends before it begins.');
  const { packs, now, zone } = needs;
  const { drawn } = order;
  const say = speak(order.language);
  const last = await packs.last();
  const number = (last?.number ?? 0) + 1;
  const madeAt = now();
  const day = localTime(madeAt.getTime(), zone).slice(0, 10).replaceAll('-', '');
  const packId = `${NAMES[order.kind]}-${day}-${String(number).padStart(4, '0')}`;
  const fileName = `proofline-${packId}.zip`;
  const workshop = await needs.openWorkshop(packId, fileName, say);
  const archive = await needs.openArchive(workshop.archivePath);
  try {
    const { facts, gathered } = await collect(order, packId, needs, workshop, progress);
    await progress('documents', 55, STEPS);
    const holder = holderOf(facts.file);
    const dataSha256 = needs.sha256Hex(
      canonical({ ...facts, topologySvg: undefined, probes: facts.probes.map(({ rawSha256, subject }) => [subject, rawSha256]) }),
    );
    const letterhead: Letterhead = {
      company: holder.company || say('（未登记公司）', '(company not registered)'),
      licence: holder.licence,
      version: needs.version,
      date: facts.today,
      zone: facts.zone,
      reference: packId,
      language: order.language,
      dataSha256,
    };
    const files = await addDocuments(facts, letterhead, needs, { archive, say, progress });
    if (facts.case !== undefined)
      files.push(...(await addSubmission({ ...facts, case: facts.case }, letterhead, { ...needs, archive }, say)));
    files.push(...(await addRows(facts, gathered, needs, archive, workshop, say)));
    const stretch = needs.stretchOf(order.from, order.to);
    const held = heldBy(order.kind, stretch);
    files.push(...(await addAttachments(order.kind, stretch, needs, { archive, workshop, say })));
    await progress('recordings', 92, STEPS);
    files.push(...(await addDrawn(order, gathered, { packId, needs, archive, workshop, say })));
    await progress('sealing', 95, STEPS);
    const manifest: Manifest = {
      format: 'proofline-pack/1',
      number,
      packId,
      kind: order.kind,
      period: { from: order.from, to: order.to, zone },
      madeAt: madeAt.toISOString(),
      productVersion: needs.version,
      company: holder.company,
      licence: holder.licence,
      dataSha256,
      previous: last?.manifestSha256 ?? null,
      publicKey: needs.signer.publicKey,
      publicKeySm2: needs.signer.sm2.publicKey,
      files,
      queries: Object.entries(needs.rows.queries).map(([name, queryOf]): PackedQuery => {
        const words = queryOf(stretch);
        return { file: `rows/${name}.csv`, text: words, sha256: needs.sha256Hex(words) };
      }),
      openPoints: facts.openPoints.map(({ id }) => id),
      holds: [...held, HOLDS_TABLES, HOLDS_PRINTED, HOLDS_HISTORY, HOLDS_JUMPS, ...(held.includes('ledger') ? [HOLDS_NUMBERS] : [])],
      ...(last !== undefined && madeAt < last.madeAt ? { clock: 'before-the-last-pack' } : {}),
      language: order.language,
      ...(drawn === undefined ? {} : { drawn: drawOf(drawn) }),
    };
    const words = manifestText(manifest);
    const stamp = await signed(words, needs, archive);
    const { bytes, sha256 } = await archive.close();
    const pack: PackRecord = {
      packId,
      number,
      kind: order.kind,
      ...(order.caseId === undefined ? {} : { caseId: order.caseId }),
      from: order.from,
      to: order.to,
      madeAt,
      requestedBy: order.requestedBy,
      language: order.language,
      sizeBytes: bytes,
      sha256,
      manifestSha256: needs.sha256Hex(words),
      previous: manifest.previous,
      fileName,
      ...(stamp === undefined ? {} : { stamp }),
      ...(drawn === undefined ? {} : { drawn: { ...drawOf(drawn), count: gathered.drawn?.rows.length ?? 0, reason: drawn.reason } }),
      ...(order.kind === 'annual' ? { annual: annualSummary(facts) } : {}),
    };
    await packs.upload(pack, workshop.archivePath);
    await packs.add(pack);
    return pack;
  } catch (error) {
    await archive.abandon();
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC')
      throw new CallCentreError('disk-full', 'The disk is full: no pack was made. Free some space and order it again.', { cause: error });
    throw error;
  } finally {
    await workshop.clear();
  }
}

/** As manifest and documents name it: the reason is for the house's own log. */
const drawOf = ({ asked, seed, seedFrom }: Draw): Draw => ({ asked, seed, seedFrom });

/** Adds the recordings that were drawn, if the pack was ordered with some. */
async function addDrawn(
  { requestedBy, drawn }: PackOrder,
  gathered: Gathered,
  into: Parameters<typeof addDrawnRecordings>[2] & { readonly packId: string; readonly needs: PackDependencies },
): Promise<PackedFile[]> {
  if (drawn === undefined || gathered.drawn === undefined) return [];
  const asked = { who: requestedBy, reason: `pack ${into.packId}: ${drawn.reason}` };
  const recorded: RecordedBodies = (callId, sha256) => into.needs.recorded(callId, sha256, asked);
  return addDrawnRecordings(gathered.drawn, recorded, into);
}

/** Adds the manifest, what is signed of it, and its stamp. */
async function signed(words: string, needs: PackDependencies, archive: Archive): Promise<PackRecord['stamp']> {
  await archive.add(MANIFEST, utf8(words));
  const addSignature = (name: string, file: SignatureFile) => archive.add(name, utf8(`${JSON.stringify(file)}\n`));
  await addSignature(SIGNATURE, { algorithm: 'Ed25519', signature: needs.signer.sign(words) });
  await addSignature(SM2_SIGNATURE, { algorithm: 'SM2-SM3', signature: needs.signer.sm2.sign(words) });
  return stamped(needs, utf8(words), archive);
}

/** A stamp is optional: without an answer from the authority the pack is sealed all the same, and its record says so. */
async function stamped({ timeStamp }: PackDependencies, manifest: Uint8Array, archive: Archive): Promise<PackRecord['stamp']> {
  if (timeStamp === undefined) return undefined;
  try {
    const { response, stamp } = await timeStamp(manifest);
    await archive.add(STAMP, response, { stored: true });
    return stamp;
  } catch (error) {
    if (error instanceof CallCentreError && error.code === 'service-unavailable') return { missing: error.message };
    throw error;
  }
}

const utf8 = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Text with sorted keys, so that the same facts give the same digest on any machine. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

async function collect(
  order: PackOrder,
  seed: string,
  needs: PackDependencies,
  { keep }: Workshop,
  progress: Progress,
): Promise<{ facts: PackFacts; gathered: Gathered }> {
  const stretch = needs.stretchOf(order.from, order.to);
  const days = Math.max(1, (stretch.untilMs - stretch.fromMs) / 86_400_000);
  await progress('reading', 1, STEPS);
  // Before the rows, which say of each recording whether it is there.
  if (order.drawn !== undefined) await openDrawn(order.drawn, stretch, needs);
  const gathered = await gather({
    rows: needs.rows,
    stretch,
    monthOf: needs.monthOf,
    keep,
    seed,
    draw: order.drawn && createDraw(order.drawn, needs.sha256Hex),
    proofs: { nowMs: needs.now().getTime(), ...(heldBy(order.kind, stretch).includes('ledger') ? { ledger: needs.ledger } : {}) },
    // The total is not known beforehand, so the bar slows down as it approaches the middle.
    progress: (step, rows) => progress(step, 2 + Math.round(45 * (1 - Math.exp(-rows / 150_000))), STEPS),
  });
  const before = order.kind === 'annual' ? await lastYear(order, needs) : undefined;
  const [seats, accounts, queueNames] = await Promise.all([needs.site.seats(stretch), needs.site.accounts(), needs.site.queueNames()]);
  const { traffic } = gathered;
  const usage = {
    ...seats,
    accounts,
    numbers: traffic.numbers,
    trunks: traffic.trunks,
    answeredWithoutRecording: Math.max(0, traffic.handled - traffic.recordings),
  };
  await progress('comparing', 50, STEPS);
  await needs.probe(traffic);
  const state = await needs.readState(usage, order.language);
  const host = state.probes.find(({ kind }) => kind === 'host');
  const free = host?.facts['diskFreeBytes'];
  // Before the sheets: a jump that is sealed meanwhile stands in both.
  const clockJumps = await clockJumpsFrom(order.from, needs);
  const facts: PackFacts = {
    ...caseOf(order, state),
    kind: order.kind,
    from: order.from,
    to: order.to,
    zone: needs.zone,
    today: state.today,
    file: state.file,
    probes: state.probes,
    equipment: state.equipment,
    topology: state.topology,
    topologySvg: state.topologySvg,
    findings: state.findings,
    selfChecks: state.selfChecks,
    workspace: state.workspace,
    duties: state.duties,
    filedOn: state.filedOn,
    differences: state.differences,
    usage,
    figures: gathered.figures,
    sheets: await needs.sheets(order.from),
    clockJumps,
    witnessed: await needs.witnessed(order.from),
    stored: await storedWithin(order, needs),
    filedBefore: order.kind === 'annual' ? (await needs.packs.filedFor(Number(order.to.slice(0, 4)) - 1))?.annual : undefined,
    figuresBefore: before?.figures ?? [],
    queueNames,
    totals: {
      calls: traffic.calls,
      inbound: traffic.inbound,
      outbound: traffic.outbound,
      handled: traffic.handled,
      talkMs: traffic.talkMs,
      recordings: traffic.recordings,
      opened: traffic.opened,
      lastOpenedMs: traffic.lastOpenedMs,
    },
    lost: gathered.lost,
    complaints: gathered.complaints,
    scores: gathered.scores,
    proofs: gathered.proofs,
    ...(order.drawn === undefined || gathered.drawn === undefined
      ? {}
      : { drawn: { ...drawOf(order.drawn), pool: gathered.drawn.pool, count: gathered.drawn.rows.length } }),
    outbound: await outboundFacts(gathered, seed, needs),
    capacity: {
      recordingBytesPerSecond: traffic.recordedMs === 0 ? undefined : traffic.recordedBytes / (traffic.recordedMs / 1_000),
      recordedSecondsPerDay: traffic.recordedMs / 1_000 / days,
      storageFreeBytes: typeof free === 'number' ? free : undefined,
      peakCalls: traffic.peakCalls === 0 ? undefined : traffic.peakCalls,
    },
    openPoints: state.openPoints,
  };
  return { facts, gathered };
}

/** The stored figures of complaints and satisfaction for the months and years that lie completely within the pack. */
async function storedWithin({ from, to }: PackOrder, { storedFigures, stretchOf }: PackDependencies): Promise<PackFacts['stored']> {
  const pack = stretchOf(from, to);
  return (await storedFigures())
    .map((stored) => {
      const dates = datesOf(stored.period);
      return { ...stored, fromMs: stretchOf(dates.from, dates.from).fromMs, untilMs: stretchOf(dates.to, dates.to).fromMs };
    })
    .filter(({ fromMs, untilMs }) => fromMs >= pack.fromMs && untilMs <= pack.untilMs);
}

async function lastYear({ from, to }: PackOrder, needs: PackDependencies): Promise<Gathered> {
  const back = (date: string): string => `${Number(date.slice(0, 4)) - 1}${date.slice(4) === '-02-29' ? '-02-28' : date.slice(4)}`;
  return gather({
    rows: needs.rows,
    stretch: needs.stretchOf(back(from), back(to)),
    monthOf: needs.monthOf,
    keep: countOnly,
    seed: 'last-year',
    progress: () => undefined,
  });
}

async function addDocuments(
  facts: PackFacts,
  letterhead: Letterhead,
  needs: PackDependencies,
  { archive, say, progress }: { readonly archive: Archive; readonly say: Say; readonly progress: Progress },
): Promise<PackedFile[]> {
  const documents = documentsOf(facts, say);
  const all = [coverDocument(facts, documents, needs.signer, say), ...documents];
  const files: PackedFile[] = [];
  let done = 0;
  for (const document of all) {
    await progress(`document:${document.id}`, 55 + Math.round((35 * done) / all.length), STEPS);
    done += 1;
    for (const form of document.forms)
      files.push(
        await archive.add(`documents/${document.fileName}.${form}`, await needs.render[form](document, letterhead), {
          stored: form !== 'pdf',
        }),
      );
  }
  const name = `drawings/${topologyFile(say)}`;
  files.push(
    await archive.add(`${name}.svg`, utf8(facts.topologySvg)),
    await archive.add(`${name}.png`, await needs.rasterise(facts.topologySvg, PNG_WIDTH_PX), { stored: true }),
    await archive.add(
      `${name}.pdf`,
      await needs.drawPdf(facts.topologySvg, !facts.topologySvg.includes('width="420mm" height'), say('网络拓扑图', 'Network topology')),
    ),
  );
  return files;
}

/** The numbers around those of the period; of a period without a row of the ledger nothing is compared. */
const numbersOf = async ({ ledgerNumbers }: Gathered, needs: PackDependencies): Promise<object> =>
  ledgerNumbers === undefined ? { after: 0, before: 1, numbers: [], leases: [] } : needs.ledgerNumbers(...ledgerNumbers);

async function addRows(
  facts: PackFacts,
  gathered: Gathered,
  needs: PackDependencies,
  archive: Archive,
  workshop: Workshop,
  say: Say,
): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  for (const name of Object.keys(gathered.rows)) files.push(...(await addRowFile(name, archive, workshop, say)));
  const figures = {
    zone: facts.zone,
    untilMs: needs.stretchOf(facts.from, facts.to).untilMs,
    formulas: Object.entries(formulas).map(([key, formula]) => ({ key, ...formula })),
    figures: facts.figures,
  };
  files.push(
    await archive.add('figures.json', utf8(`${JSON.stringify(figures, undefined, 1)}\n`)),
    await archive.add('stored-figures.json', utf8(`${JSON.stringify(facts.stored, undefined, 1)}\n`)),
    await archive.add('sheets.json', utf8(`${JSON.stringify(facts.sheets, undefined, 1)}\n`)),
    await archive.add(JUMPS, utf8(`${JSON.stringify(facts.clockJumps, undefined, 1)}\n`)),
    await archive.add('probes.json', utf8(`${JSON.stringify(facts.probes, undefined, 1)}\n`)),
  );
  const history: PackHistory = { packs: await needs.packs.history(), restores: await needs.restores() };
  files.push(await archive.add(HISTORY, utf8(`${JSON.stringify(history, undefined, 1)}\n`)));
  if ('ledger' in gathered.rows) files.push(await archive.add(NUMBERS, utf8(`${JSON.stringify(await numbersOf(gathered, needs))}\n`)));
  for (const { day, statement, stamps, receipt } of facts.witnessed) {
    files.push(await archive.add(`witness/${day}.txt`, utf8(statement)));
    if (receipt !== undefined) files.push(await archive.add(`witness/${day}.receipt.json`, Buffer.from(receipt.answerBase64, 'base64')));
    for (const { authority, responseBase64 } of stamps)
      files.push(await archive.add(`witness/${day}.${authority}.tsr`, Buffer.from(responseBase64, 'base64')));
  }
  for (const { name, body } of await needs.fixedFiles()) files.push(await archive.add(name, body));
  return files;
}
