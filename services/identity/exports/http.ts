import { z } from 'zod';
import { mayUse } from '../../shared/domain/rights.js';
import { ExportQuery } from '../../shared/platform/export-kind.js';
import { handled, route, type Route } from '../../shared/platform/route.js';
import { signedInAs } from '../users-routes.js';
import { mayDecide, mayTake, stateOf, TAKEN_MOST } from './export.js';
import type { ExportService } from './export-service.js';

const id = z.object({ id: z.string().min(1).max(64) });
const reason = z.string().trim().min(4).max(300);

export function createExportRoutes(exports: ExportService, now: () => Date): Route[] {
  return [
    route({
      method: 'get',
      path: '/exports',
      right: 'exports.use',
      reach: { kind: 'filtered' },
      summary: 'What may be exported by the person who asks, and the wishes: the own ones, for those who approve everybody’s.',
      handle: async ({ principal }) => {
        const person = signedInAs(principal);
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
    route({
      method: 'post',
      path: '/exports',
      right: 'exports.use',
      reach: { kind: 'filtered' },
      summary: 'Asks for a bulk export; it waits until a second person approves it.',
      body: z.object({ kind: z.string().max(40), query: ExportQuery, reason }),
      handle: async ({ principal, body, from }) => exports.ask(signedInAs(principal), body.kind, body.query, body.reason, from),
    }),
    route({
      method: 'post',
      path: '/exports/:id/decide',
      right: 'exports.approve',
      reach: { kind: 'object', of: 'export', param: 'id' },
      summary: 'Approves or refuses the wish of another person.',
      params: id,
      body: z.object({ approve: z.boolean(), note: z.string().trim().min(1).max(300).optional() }),
      handle: async ({ principal, params, body, from }) => exports.decide(signedInAs(principal), params.id, body.approve, body.note, from),
    }),
    route({
      method: 'get',
      path: '/exports/:id/file',
      right: 'exports.use',
      reach: { kind: 'object', of: 'export', param: 'id' },
      summary: 'The file of an approved export, for the person who asked, within a day and three times at most.',
      params: id,
      handle: async ({ principal, params, from, response }) => {
        await exports.take(signedInAs(principal), params.id, from, response);
        return handled;
      },
    }),
  ];
}
