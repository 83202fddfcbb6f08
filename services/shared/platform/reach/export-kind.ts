import type { ExportQuery } from '../../contracts/export-query.js';
import type { Principal, Right } from '../../domain/people/rights.js';
import type { Answer } from '../http/route.js';

export { ExportQuery } from '../../contracts/export-query.js';

/** An approved export: the person who asked for it, and the destination of its file. */
export interface ExportRun {
  readonly principal: Principal;
  /** The address of the client, for the audit log. */
  readonly from: string;
  /** Part of the file's name and marks, so that a copy leads back to its approval. */
  readonly exportId: string;
  readonly reason: string;
  readonly response: Answer;
}

/**
 * A bulk export that a second person must approve before it runs (regulation item 59). The slice that owns the data declares it. The
 * composition root passes all of them to identity, whose routes under `/exports` request, approve, run and audit them.
 */
export interface ExportKind {
  /** Its name in addresses and in the audit log: `recordings`. */
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** The right that the requesting person needs besides `exports.use`. It is checked again when the file is made. */
  readonly right: Right;
  /** The largest number of rows of an export. A larger request is refused. */
  readonly maxRows: number;
  /** The number of rows within the scope of the person. */
  count(query: ExportQuery, principal: Principal): Promise<number>;
  /** Writes the headers and the whole file. The audit row has been written before. */
  send(query: ExportQuery, run: ExportRun): Promise<void>;
}
