import { route, type Route } from '../shared/platform/http/route.js';
import type { SnapshotStore } from './ports.js';

export const createInventoryHttp = ({ latest }: Pick<SnapshotStore, 'latest'>): Route[] => [
  route('GET /evidence/probes/raw', {
    reach: { kind: 'site' },
    handle: async ({ query }) => ({ rows: ((await latest())?.rows ?? []).filter(({ subject }) => subject === query.subject) }),
  }),
];
