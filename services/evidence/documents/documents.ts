import type { Document } from './document.js';
import { applicationForm, pledges, rectificationReport } from './forms-to-sign.js';
import type { PackFacts } from './pack-facts.js';
import { annualWorkbook, feedbackDocument, outboundDocument, proofDocument, qualityDocument } from './quality-documents.js';
import {
  applicationDocument,
  demonstrationDocument,
  drillsDocument,
  numbersDocument,
  peopleDocument,
  rulesDocument,
  selfCheckDocument,
} from './register-documents.js';
import { differencesDocument, equipmentDocument, technicalPlan } from './system-documents.js';

/** The documents of a pack in their order, without the cover that lists them. */
export function documentsOf(facts: PackFacts): Document[] {
  const always = [
    equipmentDocument(facts),
    technicalPlan(facts),
    qualityDocument(facts),
    feedbackDocument(facts),
    outboundDocument(facts),
    peopleDocument(facts),
    rulesDocument(facts),
    drillsDocument(facts),
    numbersDocument(facts),
    selfCheckDocument(facts),
    differencesDocument(facts),
    proofDocument(facts),
  ];
  switch (facts.kind) {
    case 'licence':
      return [...always, applicationDocument(facts), demonstrationDocument(facts), applicationForm(facts), ...pledges(facts)];
    case 'inspection':
      return [...always, demonstrationDocument(facts), ...pledges(facts), rectificationReport(facts)];
    case 'annual':
      return [...always, annualWorkbook(facts)];
  }
}
