import type { CaseDependencies } from './case-dependencies.js';
import { createCaseFiles } from './case-files.js';
import { createCaseImport } from './case-import.js';
import { createCaseOpening } from './case-opening.js';
import { createCaseWork } from './case-work.js';

export type { OpenComplaint } from './case-opening.js';

/** All that is done with cases: opened, worked on, imported, and the files that are kept with them. */
export function createComplaintService(needs: CaseDependencies) {
  const opening = createCaseOpening(needs);
  const work = createCaseWork(needs, opening);
  return { open: opening.open, ...work, ...createCaseFiles(needs, work), ...createCaseImport(needs, opening) };
}
export type ComplaintService = ReturnType<typeof createComplaintService>;
