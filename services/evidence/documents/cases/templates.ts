import type { Say } from '../../../shared/domain/language.js';
import { heading, text, type Block, type Document } from '../../../shared/domain/licence/document.js';
import type { TemplateId } from '../../../shared/domain/licence/licence-template.js';
import { noUsage } from '../../checks/usage.js';
import type { FileFacts } from '../pack-facts.js';
import { technicalPlan } from '../system-documents.js';
import { rowsOf } from '../../../shared/domain/licence/licence-file.js';
import { signature } from '../signature.js';
import { companyOf, overviewDocument, resolutionOn, shareTable } from './case-forms.js';
import { businessPlan, emergencyPlan, qualityMeasures, securityMeasures } from './case-drafts.js';
import { pledges } from './forms-to-sign.js';
import { handedIn } from './handed-in.js';

const BLANK = '____________________';

/** Measured values are left blank: before the first call there are none, and later the pack of a case has them. */
function planTemplate({ file }: FileFacts, say: Say): Document {
  const capacity = {
    recordingBytesPerSecond: undefined,
    recordedSecondsPerDay: 0,
    storageFreeBytes: undefined,
    peakCalls: undefined,
  };
  const plan = technicalPlan({ file, capacity, usage: noUsage, topologySvg: '' }, say);
  const blocks = plan.blocks.flatMap((block): Block[] => {
    if (block.kind === 'drawing') return [];
    if (block.kind !== 'pairs') return [block];
    return [{ ...block, rows: block.rows.map(([label]): [string, string] => [label, BLANK]) }];
  });
  return { ...plan, blocks };
}

const EMPTY_ROWS = 4;
/** What no register holds yet is left blank. */
const toFill = (blocks: readonly Block[]): Block[] =>
  blocks.map((block) => {
    if (block.kind === 'pairs')
      return { ...block, rows: block.rows.map(([label, value]): [string, string] => [label, ['', '0'].includes(value) ? BLANK : value]) };
    if (block.kind !== 'table' || block.rows.length > 0) return block;
    return { ...block, rows: Array.from({ length: EMPTY_ROWS }, () => block.heads.map(() => '')) };
  });

/** Devices are counted once a case exists: only then have the probes run. */
function overviewTemplate({ file }: FileFacts, say: Say): Document {
  const overview = overviewDocument({ file, equipment: { lines: [], findings: [] } }, say);
  return { ...overview, blocks: [...toFill(overview.blocks), signature(say)] };
}

/** The chart is drawn from the same rows when there is a case; before that, the template leaves space for a hand-drawn one. */
function shareTemplate({ file }: FileFacts, say: Say): Document {
  const title = say('股权结构图及股东情况', 'Share chart and shareholders');
  return {
    id: 'shareholding',
    fileName: title,
    title,
    forms: ['docx'],
    blocks: [
      heading(say('一、股权结构图', '1. Share chart')),
      text(
        say(
          '（在此处粘贴股权结构图：自本公司起逐层向上列示股东及持股比例，直至自然人、国有单位或境外投资者。）',
          '(Put the share chart here: from this company up, each holder with its share, to natural persons, the state or investors abroad.)',
        ),
      ),
      heading(say('二、股东情况', '2. Shareholders')),
      ...toFill([shareTable({ file }, say)]),
      text(
        say(
          `${companyOf({ file })}确认：以上股东及持股比例与公司章程、市场主体登记信息一致，已追溯至最终持有人；外资成分：${BLANK}（无外资成分的，填写“无”）。`,
          `${companyOf({ file })} confirms that these holders and shares are those of the articles and of the company register, up to the last holders. Foreign shares: ${BLANK} ("none" where there are none).`,
        ),
      ),
      signature(say),
    ],
  };
}

function resolutionTemplate({ file }: FileFacts, say: Say): Document {
  const company = companyOf({ file });
  const isKnown = rowsOf(file, 'company').length > 0;
  const title = isKnown
    ? say(`${company}股东会决议`, `Resolution of the shareholders of ${company}`)
    : say('股东会决议', 'Resolution of the shareholders');
  const resolution = resolutionOn(
    { file },
    title,
    [
      say(
        `同意公司向${BLANK}（发证机关）办理国内呼叫中心业务（B24-1）经营许可的${BLANK}（填写“申请”“续期”或“变更”；变更的，写明变更事项及变更前后的内容）。`,
        `The company applies to ${BLANK} (authority) for ${BLANK} ("the licence", "its renewal" or "its change", with what is changed from what to what) for the domestic call centre (B24-1).`,
      ),
      say(
        `授权${BLANK}（身份证件号码：${BLANK}）代表公司办理上述事项，签署有关文件。`,
        `${BLANK} (identity number ${BLANK}) acts for the company in this and signs the papers.`,
      ),
    ],
    say,
  );
  return { ...resolution, blocks: toFill(resolution.blocks) };
}

const pledge =
  (id: TemplateId): ((facts: FileFacts, say: Say) => Document) =>
  (facts, say) => {
    const found = pledges({ file: facts.file }, say).find((each) => each.id === id);
    if (found === undefined) throw new RangeError(`There is no pledge ${id}.`);
    return found;
  };

const made: Readonly<Record<TemplateId, (facts: FileFacts, say: Say) => Document>> = {
  'company-overview': overviewTemplate,
  shareholding: shareTemplate,
  resolution: resolutionTemplate,
  'business-plan': businessPlan,
  'technical-plan': planTemplate,
  'quality-measures': qualityMeasures,
  'security-measures': securityMeasures,
  'emergency-plan': emergencyPlan,
  'pledge-lawful': pledge('pledge-lawful'),
  'pledge-outbound': pledge('pledge-outbound'),
  'pledge-security': pledge('pledge-security'),
  'pledge-service': pledge('pledge-service'),
};

/**
 * A paper to begin with before there is a case: filled in from the registers as far as they go, with blanks elsewhere. Its format is DOCX.
 */
export function templateDocument(id: TemplateId, facts: FileFacts, say: Say): Document {
  const document = handedIn(made[id](facts, say), say);
  return { ...document, fileName: document.title, forms: ['docx'] };
}
