import { CallCentreError } from '../../shared/domain/failure.js';
import { pairs, table, type Document, type Letterhead } from '../../shared/domain/licence/document.js';
import type { Say } from '../../shared/domain/language.js';
import type { CaseItem } from '../cases/case-types.js';
import { casesOf, showCase, type ShownCase } from '../cases/licence-case.js';
import { documentOfItem } from '../documents/cases/case-documents.js';
import { handedIn } from '../documents/cases/handed-in.js';
import type { PackFacts } from '../documents/pack-facts.js';
import type { SiteState } from '../evidence-service.js';
import { speak } from '../../shared/domain/language.js';
import type { PackedFile } from './manifest.js';
import type { Archive, PackDependencies, PackOrder } from './pack-needs.js';

/** The folder of a pack with the files of the submission. */
export const SUBMISSION = 'submission/';

const PICTURES = new Set(['image/png', 'image/jpeg']);
const pdfSignature = Buffer.from('%PDF-');
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);

/** The licence case that an order names, from the licence file. */
export function caseOf(order: PackOrder, state: SiteState): Pick<PackFacts, 'case'> {
  if (order.caseId === undefined) return {};
  const of = casesOf(state.file).find(({ caseId }) => caseId === order.caseId);
  if (of === undefined) throw new CallCentreError('not-found', 'There is no such licence case.');
  return {
    case: {
      of,
      shown: showCase(of, state.file, {
        today: state.today,
        say: speak(order.language),
        selfChecks: state.selfChecks,
        findings: state.findings,
      }),
    },
  };
}

interface Part {
  readonly name: string;
  readonly body: Uint8Array;
}

/** The type of a file by its first bytes. The browser's claim is not trusted. */
function typeOf(body: Uint8Array, contentType: string): string {
  const head = Buffer.from(body.subarray(0, 8));
  if (head.subarray(0, 5).equals(pdfSignature)) return 'application/pdf';
  if (head.subarray(0, 4).equals(pngSignature)) return 'image/png';
  if (head.subarray(0, 3).equals(jpegSignature)) return 'image/jpeg';
  return PICTURES.has(contentType) || contentType === 'application/pdf' ? 'application/octet-stream' : contentType;
}

/** A picture that cannot be drawn is included as it was uploaded: one bad scan does not stop the others. */
function asItIs(error: unknown): undefined {
  if (!(error instanceof CallCentreError) || error.code !== 'file-damaged') throw error;
}

const ending = (fileName: string): string => /\.[A-Za-z0-9]{1,5}$/.exec(fileName)?.[0].toLowerCase() ?? '';

/** File names that every system can unpack. */
const plain = (title: string): string => title.replace(/[\\/:*?"<>|]/g, '－').slice(0, 60);

/** An annual report is called by its year. */
const titleOf = ({ kind, title, year }: ShownCase, say: Say): string =>
  kind === 'annual-report' && year !== 0 ? say(`${year} 年度年报`, `Annual report of ${year}`) : title;

/** The papers of a case in the order of submission: numbered, with uploaded files bound in as PDF, and a contents page before them. */
export async function addSubmission(
  facts: PackFacts & Required<Pick<PackFacts, 'case'>>,
  packed: Letterhead,
  needs: Pick<PackDependencies, 'render' | 'attachment' | 'picturePdf' | 'drawPdf'> & { readonly archive: Archive },
  say: Say,
): Promise<PackedFile[]> {
  const { of, shown } = facts.case;
  const letterhead: Letterhead = { ...packed, handedIn: true };
  const wanted = shown.items.filter(({ state }) => state !== 'not-needed');
  const files: PackedFile[] = [];
  const lines: string[][] = [];
  for (const [at, item] of wanted.entries()) {
    const number = String(at + 1).padStart(2, '0');
    const parts = await partsOf(item, `${number}-${plain(item.title)}`, facts, letterhead, needs, say);
    for (const { name, body } of parts)
      files.push(await needs.archive.add(`${SUBMISSION}${name}`, body, { stored: !name.endsWith('.pdf') }));
    lines.push([String(at + 1), item.title, parts.map(({ name }) => name).join('\n') || say('（未提供）', '(not provided)')]);
  }
  const company = letterhead.company;
  const isVisit = shown.kind === 'inspection';
  const contents: Document = {
    id: 'contents',
    fileName: say('00-目录', '00-contents'),
    title: say(`${titleOf(shown, say)}${isVisit ? '备查' : '申报'}材料目录`, `${titleOf(shown, say)}: contents`),
    forms: ['pdf'],
    blocks: [
      pairs(
        [say(isVisit ? '被检查单位' : '申报单位', 'Company'), company],
        [say(isVisit ? '检查机关' : '受理机关', 'Authority'), shown.authority],
        [say('事项', 'Case'), `${titleOf(shown, say)} ${of.caseId}`],
        [say('覆盖范围', 'Coverage'), shown.scope === 'nationwide' ? say('全国', 'nationwide') : shown.province],
        [say('制作日期', 'Made on'), facts.today],
      ),
      table([say('序号', 'No.'), say('材料名称', 'Material'), say('文件', 'Files')], lines, { widths: [0.6, 3.4, 4.4] }),
    ],
  };
  files.push(await needs.archive.add(`${SUBMISSION}${contents.fileName}.pdf`, await needs.render.pdf(contents, letterhead)));
  return files;
}

async function partsOf(
  item: CaseItem,
  base: string,
  facts: PackFacts & Required<Pick<PackFacts, 'case'>>,
  letterhead: Letterhead,
  { render, attachment, picturePdf, drawPdf }: Pick<PackDependencies, 'render' | 'attachment' | 'picturePdf' | 'drawPdf'>,
  say: Say,
): Promise<Part[]> {
  // Uploaded files replace what the system made: they are signed, or edited.
  if (item.files.length > 0)
    return Promise.all(
      item.files.map(async ({ attachmentId, fileName, contentType }, i): Promise<Part> => {
        const body = await attachment(attachmentId);
        const name = item.files.length === 1 ? base : `${base}-${i + 1}`;
        const type = typeOf(body, contentType);
        const drawn = PICTURES.has(type) ? await picturePdf(body, type, item.title).catch(asItIs) : undefined;
        if (drawn !== undefined) return { name: `${name}.pdf`, body: drawn };
        return { name: `${name}${type === 'application/pdf' ? '.pdf' : ending(fileName)}`, body };
      }),
    );
  if (item.id === 'topology')
    return [
      {
        name: `${base}.pdf`,
        body: await drawPdf(facts.topologySvg, !facts.topologySvg.includes('width="420mm" height'), say('网络拓扑图', 'Network topology')),
      },
    ];
  const made = documentOfItem(item.id, facts, facts.case.of, say);
  if (made === undefined) return [];
  const document = handedIn(made, say);
  return Promise.all(
    document.forms.map(async (form): Promise<Part> => ({ name: `${base}.${form}`, body: await render[form](document, letterhead) })),
  );
}
