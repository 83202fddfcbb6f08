import { mayUse } from '../../shared/domain/people/rights.js';
import { handled, route, type Route } from '../../shared/platform/http/route.js';
import { mayDecide, mayTake, stateOf, TAKEN_MOST } from './export.js';
import type { ExportService } from './export-service.js';

export function createExportRoutes(exports: ExportService, now: () => Date): Route[] {
  return [
    route('GET /exports', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const person = principal;
        const at = now();
        const approves = mayUse(person, 'exports.approve');
        return {
          kinds: exports.kindsOf(person).map(({ name, title, maxRows }) => ({ name, title, maxRows })),
          exports: (await exports.list(person)).map((request) => ({
            ...request,
            takenMost: TAKEN_MOST,
            state: stateOf(request, at),
            mayDecide: approves && mayDecide(request, person, at),
            mayTake: mayTake(request, person, at),
          })),
        };
      },
    }),
    route('POST /exports', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body, from }) => exports.ask(principal, body.kind, body.query, body.reason, from),
    }),
    route('POST /exports/:id/decide', {
      reach: { kind: 'object', of: 'export', param: 'id' },
      handle: async ({ principal, params, body, from }) => exports.decide(principal, params.id, body.approve, body.note, from),
    }),
    route('GET /exports/:id/file', {
      reach: { kind: 'object', of: 'export', param: 'id' },
      handle: async ({ principal, params, from, response }) => {
        await exports.take(principal, params.id, from, response);
        return handled;
      },
    }),
  ];
}
