import { handled, route, type Route } from '../../shared/platform/http/route.js';
import type { ComplaintService } from '../complaint-service.js';
import { shown } from '../cases/shown.js';

/** Files of a case: evidence, and letters of answer. */
export function createFileRoutes(service: ComplaintService): Route[] {
  return [
    route('POST /complaints/:id/files', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ principal, params, query, request, from, upload }) => {
        const body = await upload.file(query.fileName);
        const about = { fileName: query.fileName, contentType: request.get('content-type') ?? 'application/octet-stream' };
        return service.addFile(principal.userId, params.id, about, body, from);
      },
    }),
    route('GET /complaints/:id/files/:fileId', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ principal, params, from, response }) => {
        const { file, body } = await service.readFile(principal, params.id, params.fileId, from);
        // Always a download, because an uploaded page must not run under this origin.
        response.attachment(file.fileName).setHeader('content-type', 'application/octet-stream');
        response.end(body);
        return handled;
      },
    }),
    route('POST /complaints/:id/letters', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ principal, params, body, from }) => shown(await service.makeLetter(principal, params.id, body, from)),
    }),
  ];
}
