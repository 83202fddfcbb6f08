import type { Connection } from 'mongoose';
import { createCallReads } from '../calls/reads.js';
import { createComplaintReads } from '../complaints/reads.js';
import { createEvidenceReads } from '../evidence/reads.js';
import { createFigureReads } from '../figures/reads.js';
import { createAccountReads } from '../identity/reads.js';
import { createOutboundReads } from '../outbound/reads.js';
import { createProofCallReads } from '../proof-call/reads.js';
import { createRecordingReads } from '../recording/reads.js';
import { createRegisterReads } from '../registry/reads.js';
import { createRoutingReads } from '../routing/reads.js';
import { createSurveyReads } from '../satisfaction/reads.js';
import { createContactReads } from '../workspace/reads.js';
import type { Reads } from '../shared/records/reads.js';

/** The reads that each slice offers to others, each from its owner. */
export const createAllReads = (mongo: Connection): Reads => ({
  ...createAccountReads(mongo),
  ...createCallReads(mongo),
  ...createComplaintReads(mongo),
  ...createContactReads(mongo),
  ...createEvidenceReads(mongo),
  ...createFigureReads(mongo),
  ...createOutboundReads(mongo),
  ...createProofCallReads(mongo),
  ...createRecordingReads(mongo),
  ...createRegisterReads(mongo),
  ...createRoutingReads(mongo),
  ...createSurveyReads(mongo),
});
