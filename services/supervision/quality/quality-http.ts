import { route, type Route } from '../../shared/platform/http/route.js';
import type { LiveQuality } from './live-quality.js';

/** The audio quality of a live call, for its page. */
export const createQualityRoutes = (quality: Pick<LiveQuality, 'of'>): Route[] => [
  route('GET /calls/:callId/quality/now', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ params }) => ({ measured: [...quality.of(params.callId)] }),
  }),
];
