import type { Say } from '../../shared/domain/language.js';
import { annualWorkbook } from './cases/annual-report.js';
import type { Document } from '../../shared/domain/licence/document.js';
import { applicationForm, pledges, rectificationReport } from './cases/forms-to-sign.js';
import type { PackFacts } from './pack-facts.js';
import { proofDocument } from './proof-document.js';
import { outboundDocument } from './outbound-document.js';
import { feedbackDocument, qualityDocument } from './quality-documents.js';
import {
  applicationDocument,
  demonstrationDocument,
  drillsDocument,
  numbersDocument,
  peopleDocument,
  rulesDocument,
  securityDocument,
  selfCheckDocument,
} from './register-documents.js';
import { equipmentDocument } from './equipment-document.js';
import { differencesDocument, technicalPlan } from './system-documents.js';

/** The documents of a pack in their order, without the cover that lists them. */
export function documentsOf(facts: PackFacts, say: Say): Document[] {
  const always = [
    equipmentDocument(facts, say),
    technicalPlan(facts, say),
    qualityDocument(facts, say),
    feedbackDocument(facts, say),
    outboundDocument(facts, say),
    peopleDocument(facts, say),
    rulesDocument(facts, say),
    drillsDocument(facts, say),
    numbersDocument(facts, say),
    selfCheckDocument(facts, say),
    differencesDocument(facts, say),
    proofDocument(facts, say),
  ];
  const security = securityDocument(facts, say);
  switch (facts.kind) {
    case 'licence':
      return [
        ...always,
        applicationDocument(facts, say),
        demonstrationDocument(facts, say),
        security,
        applicationForm(facts, say),
        ...pledges(facts, say),
      ];
    case 'renewal':
    case 'change':
      return [...always, security];
    case 'inspection':
      return [...always, demonstrationDocument(facts, say), security, ...pledges(facts, say), rectificationReport(facts, say)];
    case 'annual':
      return [...always, security, annualWorkbook(facts, say)];
  }
}
