import type { CaseItemId } from '../../../shared/domain/licence/licence-case.js';
import type { Say } from '../../../shared/domain/language.js';
import type { Document } from '../../../shared/domain/licence/document.js';
import type { LicenceCase } from '../../cases/case-types.js';
import { annualWorkbook } from './annual-report.js';
import { businessPlan, emergencyPlan, furtherPledge, qualityMeasures, securityMeasures } from './case-drafts.js';
import { applicationOfCase, overviewDocument, renewalForm, resolutionDocument, shareholdingDocument } from './case-forms.js';
import { changeForm, comparisonDocument, openingProof } from './case-proofs.js';
import { pledges, rectificationReport } from './forms-to-sign.js';
import { outboundDocument } from '../outbound-document.js';
import type { PackFacts } from '../pack-facts.js';
import { proofDocument } from '../proof-document.js';
import { qualityDocument } from '../quality-documents.js';
import {
  demonstrationDocument,
  drillsDocument,
  numbersDocument,
  peopleDocument,
  rulesDocument,
  selfCheckDocument,
} from '../register-documents.js';
import { sixDocument, sixItem } from '../six-items.js';
import type { SixItemId } from '../../checks/six-gaps.js';
import { equipmentList } from '../equipment-document.js';
import { technicalPlan } from '../system-documents.js';

type Made = (facts: PackFacts, of: LicenceCase, say: Say) => Document;

const pledge =
  (id: string): Made =>
  (facts, _of, say) => {
    const found = pledges(facts, say).find((each) => each.id === id);
    if (found === undefined) throw new RangeError(`There is no pledge ${id}.`);
    return { ...found, forms: ['docx', 'pdf'] };
  };

const six =
  (id: SixItemId): Made =>
  (facts, _of, say) =>
    sixDocument(sixItem(id, facts, say), say);

/** The system's own documents for a case, without drawings and uploaded papers. */
const made: Readonly<Partial<Record<CaseItemId, Made>>> = {
  'application-form': applicationOfCase,
  'renewal-form': renewalForm,
  'change-form': changeForm,
  comparison: comparisonDocument,
  resolution: resolutionDocument,
  'opening-proof': openingProof,
  'company-overview': (facts, _of, say) => overviewDocument(facts, say),
  shareholding: (facts, _of, say) => shareholdingDocument(facts, say),
  'business-plan': (facts, _of, say) => businessPlan(facts, say),
  'technical-plan': (facts, _of, say) => technicalPlan(facts, say),
  equipment: (facts, _of, say) => equipmentList(facts, say),
  numbers: (facts, _of, say) => numbersDocument(facts, say),
  quality: (facts, _of, say) => qualityDocument(facts, say, { history: false }),
  people: (facts, _of, say) => peopleDocument(facts, say),
  'quality-measures': (facts, _of, say) => qualityMeasures(facts, say),
  'security-measures': (facts, _of, say) => securityMeasures(facts, say),
  rules: (facts, _of, say) => rulesDocument(facts, say),
  'emergency-plan': (facts, _of, say) => emergencyPlan(facts, say),
  drills: (facts, _of, say) => drillsDocument(facts, say),
  'test-report': (facts, _of, say) => ({ ...proofDocument(facts, say), title: say('系统测试报告（拨测）', 'Test report (test calls)') }),
  'self-check': (facts, of, say) =>
    selfCheckDocument({ ...facts, selfChecks: facts.selfChecks.filter(({ scope }) => scope === of.scope) }, say),
  'pledge-lawful': pledge('pledge-lawful'),
  'pledge-outbound': pledge('pledge-outbound'),
  'pledge-security': pledge('pledge-security'),
  'pledge-service': pledge('pledge-service'),
  'pledge-domestic': (facts, of, say) => furtherPledge('pledge-domestic', facts, of, say),
  'pledge-start': (facts, of, say) => furtherPledge('pledge-start', facts, of, say),
  'pledge-truth': (facts, of, say) => furtherPledge('pledge-truth', facts, of, say),
  'annual-report': (facts, _of, say) => annualWorkbook(facts, say),
  'six-filing': six('six-filing'),
  'six-use': six('six-use'),
  'six-resources': six('six-resources'),
  'six-conduct': six('six-conduct'),
  'six-control': six('six-control'),
  'six-consent': six('six-consent'),
  demonstration: (facts, _of, say) => demonstrationDocument(facts, say),
  outbound: (facts, _of, say) => outboundDocument(facts, say),
  rectification: (facts, _of, say) => rectificationReport(facts, say),
};

/** The document of an item, as far as the facts go; undefined when people provide it. */
export const documentOfItem = (id: CaseItemId, facts: PackFacts, of: LicenceCase, say: Say): Document | undefined =>
  made[id]?.(facts, of, say);
