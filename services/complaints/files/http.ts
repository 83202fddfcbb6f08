import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import { languages } from '../../shared/domain/language.js';
import type { Principal } from '../../shared/domain/rights.js';
import { handled, route, type Route } from '../../shared/platform/route.js';
import { uploadKinds } from '../../shared/platform/upload.js';
import type { ComplaintService } from '../complaint-service.js';
import { shown } from '../shown.js';

const MAX_FILE_BYTES = 20_000_000;
const id = z.string().max(64);
const words = z.string().trim().min(1).max(10_000);

/** The routes ask for a right, so somebody is there. */
function personOf(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return principal;
}

/** Files that are kept with a case: evidence, and letters of answer. */
export function createFileRoutes(service: ComplaintService): Route[] {
  return [
    route({
      method: 'post',
      path: '/complaints/:id/files',
      right: 'complaints.work',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary: `Puts a file (the raw body; ${uploadKinds.join(', ')}) to a case, to be named as evidence by a step of the work; unnamed it is gone after a day.`,
      params: z.object({ id }),
      query: z.object({ fileName: z.string().min(1).max(200) }),
      uploadBytes: MAX_FILE_BYTES,
      handle: async ({ principal, params, query, request, from, upload }) => {
        const body = await upload.file(query.fileName);
        const about = { fileName: query.fileName, contentType: request.get('content-type') ?? 'application/octet-stream' };
        return service.addFile(personOf(principal).userId, params.id, about, body, from);
      },
    }),
    route({
      method: 'get',
      path: '/complaints/:id/files/:fileId',
      right: 'complaints.read',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary: 'A file of a case, its hash checked. A letter with the whole number needs the right to see whole numbers.',
      params: z.object({ id, fileId: id }),
      handle: async ({ principal, params, from, response }) => {
        const { file, body } = await service.readFile(personOf(principal), params.id, params.fileId, from);
        // Always a download: an uploaded page must not run under this origin.
        response.attachment(file.fileName).setHeader('content-type', 'application/octet-stream');
        response.end(body);
        return handled;
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/letters',
      right: 'complaints.work',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary:
        'Makes the letter of answer 答复函 as DOCX and PDF and keeps it with the case; the number is masked unless a reason is given.',
      params: z.object({ id }),
      body: z.object({
        language: z.enum(languages),
        found: words,
        answer: words,
        wholeNumberReason: z.string().trim().min(3).max(200).optional(),
      }),
      handle: async ({ principal, params, body, from }) => shown(await service.makeLetter(personOf(principal), params.id, body, from)),
    }),
  ];
}
