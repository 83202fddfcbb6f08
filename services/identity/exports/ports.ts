import type { Decision, ExportRequest } from './export.js';

export interface ExportStore {
  add(request: ExportRequest): Promise<void>;
  byId(id: string): Promise<ExportRequest | undefined>;
  /** Newest first. */
  newest(limit: number): Promise<ExportRequest[]>;
  /** False when somebody else has decided meanwhile. */
  decide(id: string, decision: Decision): Promise<boolean>;
  /** False after `runsMost` downloads. Atomic, so that simultaneous downloads stay within the limit. */
  countRun(id: string, at: Date, runsMost: number): Promise<boolean>;
}
