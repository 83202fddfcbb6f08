import { handled, type Audit } from '../../shared/platform/http/route.js';
import type { UserId } from '../../shared/domain/ids.js';
import type { ReportFile } from './report-file.js';

/** The part of a response that a file needs. */
interface FileResponse {
  attachment(fileName: string): { type(mediaType: string): { end(bytes: Uint8Array): unknown } };
}

/** Sends a file once its export stands in the audit log: the hash in a file leads to its row there. */
export async function sendFile(
  { bytes, sha256, fileName, mediaType, rows }: ReportFile,
  {
    userId,
    from,
    query,
    audit,
    response,
  }: { readonly userId: UserId; readonly from: string; readonly query: object; readonly audit: Audit; readonly response: FileResponse },
): Promise<typeof handled> {
  await audit({ who: userId, what: 'report.exported', object: `${fileName}/${sha256}`, from, success: true, after: { ...query, rows } });
  response.attachment(fileName).type(mediaType).end(bytes);
  return handled;
}
