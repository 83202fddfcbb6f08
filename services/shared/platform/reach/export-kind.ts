import type { ExportQuery } from '../../contracts/export-query.js';
import type { Principal, Right } from '../../domain/people/rights.js';
import type { Answer } from '../http/route.js';

export { ExportQuery } from '../../contracts/export-query.js';

/** An approved export: for whom it runs, and where its file goes. */
export interface ExportRun {
  readonly principal: Principal;
  /** Address of the client, for the audit log. */
  readonly from: string;
  /** Goes into the file's name and marks, so that a copy leads back to its approval. */
  readonly exportId: string;
  readonly reason: string;
  readonly response: Answer;
}

/**
 * A bulk export that a second person has to approve before it runs (regulation item 59). The slice that owns the data declares it; the
 * composition root hands all of them to identity, whose routes under `/exports` ask, approve, run and audit.
 */
export interface ExportKind {
  /** In addresses and the audit log: `recordings`. */
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** What the person who asks must hold besides `exports.use`; asked again when the file is made. */
  readonly right: Right;
  /** The most rows of an export; a request for more is refused. */
  readonly maxRows: number;
  /** How many rows it would be, within the scope of the person. */
  count(query: ExportQuery, principal: Principal): Promise<number>;
  /** Writes headers and the whole file. Its audit row has been written before. */
  send(query: ExportQuery, run: ExportRun): Promise<void>;
}
