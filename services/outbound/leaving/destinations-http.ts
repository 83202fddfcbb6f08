import { withinScope } from '../../shared/domain/people/rights.js';
import { route, type Route } from '../../shared/platform/http/route.js';

/** A number outside to which calls may be sent, as agents look for it. */
export interface NamedDestination {
  readonly number: string;
  readonly name: string;
  /** Whose callers may be sent there; empty for all. */
  readonly clientId: string;
  /** `YYYY-MM-DD` at the site. */
  readonly validUntil: string;
}

/** The register of destinations as whoever transfers a call sees it: what the gate would let through today, by name. */
export const createDestinationRoutes = ({
  destinations,
  today,
}: {
  readonly destinations: () => Promise<readonly NamedDestination[]>;
  readonly today: () => string;
}): Route[] => [
  route('GET /outbound/destinations', {
    reach: { kind: 'filtered' },
    handle: async ({ principal: { scope } }) => {
      const rows = (await destinations()).filter(
        ({ clientId, validUntil }) => validUntil >= today() && (clientId === '' || withinScope(scope.clientUnits, clientId)),
      );
      return { destinations: rows.map(({ number, name }) => ({ number, name })).sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
  }),
];
