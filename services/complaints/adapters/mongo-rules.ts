import { Schema, type Connection } from 'mongoose';
import { provinceNamed } from '../../shared/domain/numbers/province.js';
import type { RuleTable } from '../clock/deadline-rule.js';
import type { RuleStore } from '../ports.js';
import type { CalendarYear } from '../clock/working-days.js';

const DUPLICATE_KEY = 11_000;

type StoredTable = Omit<RuleTable, 'version'> & { readonly _id: number };
type StoredYear = Omit<CalendarYear, 'year'> & { readonly _id: number };

const tableSchema = new Schema<StoredTable>(
  { _id: { type: Number, required: true } },
  { collection: 'complaint_rules', versionKey: false, strict: false },
);
const yearSchema = new Schema<StoredYear>(
  { _id: { type: Number, required: true } },
  { collection: 'working_calendars', versionKey: false, strict: false },
);

/** Older tables may name a province as `河南省`. It is read as the name in the list, so that the table can be saved again. */
function tableOf(found: StoredTable | null): RuleTable | undefined {
  if (found === null) return undefined;
  const { _id: version, rules, ...rest } = found;
  const named = rules.map((rule) =>
    rule.province === undefined ? rule : { ...rule, province: provinceNamed(rule.province) ?? rule.province },
  );
  return { version, ...rest, rules: named };
}

export function createMongoRules(mongo: Connection): RuleStore {
  const tables = mongo.model<StoredTable>('DeadlineRules', tableSchema);
  const years = mongo.model<StoredYear>('WorkingCalendar', yearSchema);
  return {
    newest: async () => tableOf(await tables.findOne().sort({ _id: -1 }).lean<StoredTable>()),
    version: async (version) => tableOf(await tables.findOne({ _id: version }).lean<StoredTable>()),
    async add({ version, ...rest }) {
      try {
        await tables.create({ _id: version, ...rest });
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
        throw error;
      }
    },
    async calendars() {
      const found = await years.find().lean<StoredYear[]>();
      return new Map(found.map(({ _id: year, ...rest }) => [year, { year, ...rest }]));
    },
    async putCalendar({ year, ...rest }) {
      await years.replaceOne({ _id: year }, rest, { upsert: true });
    },
  };
}
