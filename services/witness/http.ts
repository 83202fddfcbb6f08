import type { Witnessed } from '../shared/domain/licence/witnessed.js';
import { route, type Route } from '../shared/platform/http/route.js';

export interface WitnessHttp {
  readonly authorities: number;
  readonly outsiders: number;
  readonly line: boolean;
  newest(): Promise<readonly Witnessed[]>;
}

export const createWitnessHttp = ({ authorities, outsiders, line, newest }: WitnessHttp): Route[] => [
  route('GET /evidence/witnesses', {
    reach: { kind: 'site' },
    handle: async () => ({
      ...{ authorities, outsiders, line },
      days: (await newest()).map(({ day, sheetHash, stamps, messageIds, receipt }) => ({
        ...{ day, sheetHash, mails: messageIds.length, ...(receipt === undefined ? {} : { receivedAt: receipt.at }) },
        stamps: stamps.map(({ name, at }) => ({ name, at })),
      })),
    }),
  }),
];
