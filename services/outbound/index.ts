import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { maskNumber } from '../shared/domain/phone-number.js';
import type { Audit, Route } from '../shared/platform/route.js';
import { createMongoDialTries, createMongoRefusals } from './adapters/mongo-refusals.js';
import { createOutboundRoutes as routesOf } from './http.js';
import { mayDial, OUTER_WINDOW, refusalReasons, type Permission, type RefusalReason } from './refusal.js';

export interface OutboundDependencies {
  readonly mongo: Connection;
  readonly zone: string;
  readonly hashNumber: (number: string) => string;
}

/** What other parts ask of the do-not-call list and of the rules of calling out; wired by the composition root. */
export interface OutboundRules {
  add(number: string, reason: string, source: string): Promise<void>;
  /** Whether the person refused to be called. */
  refused(number: string): Promise<boolean>;
  mayDial(number: string, purpose: string): Promise<Permission>;
}

const DAY_MS = 86_400_000;

export function createOutboundRules({ mongo, zone, hashNumber }: OutboundDependencies): OutboundRules {
  const refusals = createMongoRefusals(mongo);
  const tries = createMongoDialTries(mongo);
  const isReason = (text: string): text is RefusalReason => (refusalReasons as readonly string[]).includes(text);
  return {
    async add(number, reason, source) {
      await refusals.put({
        numberHash: hashNumber(number),
        numberMasked: maskNumber(number),
        reason: isReason(reason) ? reason : 'other',
        source,
        at: new Date(),
        by: 'system',
      });
    },
    refused: async (number) => (await refusals.inForce(hashNumber(number))) !== undefined,
    async mayDial(number, purpose) {
      const now = new Date();
      const numberHash = hashNumber(number);
      const [refused, earlier] = await Promise.all([refusals.inForce(numberHash), tries.of(numberHash, new Date(now.getTime() - DAY_MS))]);
      const local = DateTime.fromJSDate(now, { zone });
      return mayDial({
        purpose,
        refused: refused !== undefined,
        minuteOfDay: local.hour * 60 + local.minute,
        window: OUTER_WINDOW,
        tries: earlier,
        now,
      });
    },
  };
}

export const createOutboundRoutes = ({
  mongo,
  audit,
  hashNumber,
}: Pick<OutboundDependencies, 'mongo' | 'hashNumber'> & { readonly audit: Audit }): Route[] =>
  routesOf({ refusals: createMongoRefusals(mongo), audit, hashNumber });
