import { route, type Route } from '../../shared/platform/http/route.js';
import type { ImportOrders } from './import-orders.js';

/** Confirmed imports of people: each person sees and carries on their own. */
export const createImportRoutes = (imports: ImportOrders): Route[] => [
  route('GET /users/imports', {
    reach: { kind: 'self' },
    handle: async ({ principal }) => ({ imports: await imports.list(principal) }),
  }),
  route('POST /users/imports/:id/continue', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, params: { id }, from }) => imports.goOn(principal, id, from),
  }),
  route('POST /users/imports/:id/passwords', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, params: { id }, body: { after }, from }) => imports.renew(principal, id, after, from),
  }),
  route('POST /users/imports/:id/handed', {
    reach: { kind: 'self' },
    handle: async ({ principal, params: { id }, body: { lines } }) => imports.handed(principal, id, lines),
  }),
  route('POST /users/imports/:id/end', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, params: { id }, from }) => imports.end(principal, id, from),
  }),
];
