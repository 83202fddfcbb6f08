import type { Say } from '../../../shared/domain/language.js';
import type { Block, Document } from '../../../shared/domain/licence/document.js';
import type { TemplateId } from '../../../shared/domain/licence/licence-template.js';
import { noUsage } from '../../checks/usage.js';
import type { FileFacts } from '../pack-facts.js';
import { technicalPlan } from '../system-documents.js';
import { businessPlan, emergencyPlan, qualityMeasures, securityMeasures } from './case-drafts.js';
import { pledges } from './forms-to-sign.js';
import { handedIn } from './handed-in.js';

const BLANK = '____________________';

/** What was measured is left to be written in: before the first call there is nothing, and later the pack of a case has it. */
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

const pledge =
  (id: TemplateId): ((facts: FileFacts, say: Say) => Document) =>
  (facts, say) => {
    const found = pledges({ file: facts.file }, say).find((each) => each.id === id);
    if (found === undefined) throw new RangeError(`There is no pledge ${id}.`);
    return found;
  };

const made: Readonly<Record<TemplateId, (facts: FileFacts, say: Say) => Document>> = {
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
 * A paper to begin with, before there is a case: filled in from the registers as far as they go, with lines where they do not. Its form is
 * DOCX.
 */
export function templateDocument(id: TemplateId, facts: FileFacts, say: Say): Document {
  const document = handedIn(made[id](facts, say), say);
  return { ...document, fileName: document.title, forms: ['docx'] };
}
