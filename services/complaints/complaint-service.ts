import type { CaseDependencies } from './case-dependencies.js';
import { createCaseImport } from './case-import.js';
import { createCaseOpening } from './case-opening.js';
import { createCaseWork } from './case-work.js';

export type { OpenComplaint } from './case-opening.js';

/** All that is done with cases: opened, worked on, imported. */
export function createComplaintService(needs: CaseDependencies) {
  const opening = createCaseOpening(needs);
  return { open: opening.open, ...createCaseWork(needs, opening), ...createCaseImport(needs, opening) };
}
export type ComplaintService = ReturnType<typeof createComplaintService>;
