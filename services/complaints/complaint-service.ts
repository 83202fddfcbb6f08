import type { CaseDependencies } from './cases/case-dependencies.js';
import { createCaseFiles } from './cases/case-files.js';
import { createCaseImport } from './intake/case-import.js';
import { createCaseOpening } from './cases/case-opening.js';
import { createCaseWork } from './cases/case-work.js';

export type { OpenComplaint } from './cases/case-opening.js';

/** All work on cases: opening, steps, import, and files. */
export function createComplaintService(needs: CaseDependencies) {
  const opening = createCaseOpening(needs);
  const work = createCaseWork(needs, opening);
  return { open: opening.open, ...work, ...createCaseFiles(needs, work), ...createCaseImport(needs, opening) };
}
export type ComplaintService = ReturnType<typeof createComplaintService>;
