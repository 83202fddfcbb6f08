import { withinScope } from '../../shared/domain/people/rights.js';
import { route, type Route } from '../../shared/platform/http/route.js';

/** A number outside that calls may be sent to, as agents search for it. */
export interface NamedDestination {
  readonly number: string;
  readonly name: string;
  /** The client units whose callers may be sent there; empty for all. */
  readonly clientId: string;
  /** `YYYY-MM-DD` at the site. */
  readonly validUntil: string;
}

/** The register of destinations for agents who transfer a call: what the gate would permit today, by name. */
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
