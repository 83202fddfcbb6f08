import type { Connection } from 'mongoose';
import { z } from 'zod';
import { alarmCodes, alarmWays } from '../../shared/domain/alarm.js';
import { maskMail } from '../../shared/domain/people/mail-address.js';
import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import { roles } from '../../shared/domain/people/rights.js';
import type { SecretCipher } from '../../shared/platform/stores/secret-cipher.js';
import type { AlarmSettingsStore, Contact } from '../ports.js';

const SETTINGS = 'alarm_settings';
const CONTACTS = 'alarm_contacts';
const SITE = 'site';

const minute = z.int().min(0).max(1_439);
const rule = z.object({
  people: z.array(z.string()),
  roles: z.array(z.enum(roles)),
  ways: z.array(z.enum(alarmWays)),
  escalationMinutes: z.int().nonnegative(),
});
const Settings = z.object({
  rules: z.partialRecord(z.enum(alarmCodes), rule).default({}),
  quiet: z
    .object({ fromMinute: minute, toMinute: minute })
    .nullish()
    .transform((quiet) => quiet ?? undefined),
});
const OfContact = z.object({ mail: z.string().optional(), mobile: z.string().optional() });

interface StoredContact {
  readonly _id: string;
  /** Addresses of staff are sealed; the masked form may be shown. */
  readonly sealed: string;
  readonly mailMasked?: string;
  readonly mobileMasked?: string;
}

export function createMongoAlarmSettings(mongo: Connection, cipher: SecretCipher): AlarmSettingsStore {
  const settings = mongo.collection<{ _id: string }>(SETTINGS);
  const contacts = mongo.collection<StoredContact>(CONTACTS);
  const open = ({ _id, sealed }: StoredContact): Contact => OfContact.parse(JSON.parse(cipher.open(sealed, _id)));
  return {
    read: async () => Settings.parse((await settings.findOne({ _id: SITE })) ?? {}),
    async setRule(code, rule) {
      await settings.updateOne({ _id: SITE }, { $set: { [`rules.${code}`]: rule } }, { upsert: true });
    },
    async setQuiet(quiet) {
      await settings.updateOne({ _id: SITE }, { $set: { quiet: quiet ?? null } }, { upsert: true });
    },
    async contacts() {
      const found = await contacts.find({}, { projection: { mailMasked: 1, mobileMasked: 1 } }).toArray();
      return found.map(({ _id, mailMasked, mobileMasked }) => ({ userId: _id, mailMasked, mobileMasked }));
    },
    async contactsOf(userIds) {
      const found = await contacts.find({ _id: { $in: [...userIds] } }).toArray();
      return new Map(found.map((contact) => [contact._id, open(contact)]));
    },
    async setContact(userId, { mail, mobile }) {
      if (mail === undefined && mobile === undefined) {
        await contacts.deleteOne({ _id: userId });
        return;
      }
      const row = {
        sealed: cipher.seal(JSON.stringify({ mail, mobile }), userId),
        ...(mail === undefined ? {} : { mailMasked: maskMail(mail) }),
        ...(mobile === undefined ? {} : { mobileMasked: maskNumber(mobile) }),
      };
      await contacts.replaceOne({ _id: userId }, row, { upsert: true });
    },
  };
}
