import { Schema, type Connection, type Model } from 'mongoose';
import { ListedCaller } from '../../shared/contracts/caller-list.js';
import { ServiceNumber, Trunk, type Flow } from '../../shared/contracts/flow.js';
import type { Logger } from '../../shared/platform/logger.js';

interface StoredNumber extends Omit<ServiceNumber, 'number'> {
  readonly _id: string;
}
interface StoredTrunk extends Omit<Trunk, 'id'> {
  readonly _id: string;
}
interface StoredListed extends Omit<ListedCaller, 'number'> {
  readonly _id: string;
}
/** Each version of a number's flow, never changed after it was written. */
export interface StoredFlow {
  /** `<number>@<version>`. */
  readonly _id: string;
  readonly number: string;
  readonly version: number;
  readonly flow: Flow;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly note: string;
}

const model = <T>(connection: Connection, name: string, collection: string): Model<T> =>
  (connection.models[name] as Model<T> | undefined) ??
  connection.model<T>(
    name,
    new Schema({ _id: { type: String, required: true } }, { collection, versionKey: false, strict: false, minimize: false }) as never,
  );

/** Numbers, trunks and versions of flows in their collections, each checked against its contract when read. */
export function createNumberStore(connection: Connection, log: Logger) {
  const numbers = model<StoredNumber>(connection, 'ServiceNumber', 'service_numbers');
  const trunks = model<StoredTrunk>(connection, 'Trunk', 'trunks');
  const flows = model<StoredFlow>(connection, 'FlowVersion', 'flow_versions');
  const listed = model<StoredListed>(connection, 'ListedCaller', 'listed_callers');

  return {
    async numbers(): Promise<ServiceNumber[]> {
      const stored = await numbers.find().lean<StoredNumber[]>();
      return stored.flatMap(({ _id, ...rest }) => checked(ServiceNumber.safeParse({ number: _id, ...rest }), 'service number'));
    },
    async number(number: string): Promise<ServiceNumber | undefined> {
      const stored = await numbers.findById(number).lean<StoredNumber | null>();
      return stored === null ? undefined : ServiceNumber.parse({ ...stored, number: stored._id });
    },
    async saveNumber({ number, ...rest }: ServiceNumber): Promise<void> {
      await numbers.collection.replaceOne({ _id: number } as never, rest, { upsert: true });
    },
    async removeNumber(number: string): Promise<void> {
      await numbers.collection.deleteOne({ _id: number } as never);
    },
    async trunks(): Promise<Trunk[]> {
      const stored = await trunks.find().lean<StoredTrunk[]>();
      return stored.flatMap(({ _id, ...rest }) => checked(Trunk.safeParse({ id: _id, ...rest }), 'trunk'));
    },
    async saveTrunk({ id, ...rest }: Trunk): Promise<void> {
      await trunks.collection.replaceOne({ _id: id } as never, rest, { upsert: true });
    },
    async removeTrunk(id: string): Promise<void> {
      await trunks.collection.deleteOne({ _id: id } as never);
    },
    async addFlow(version: StoredFlow): Promise<void> {
      await flows.collection.insertOne(version as never);
    },
    async flows(number: string): Promise<StoredFlow[]> {
      return flows.find({ number }).sort({ version: -1 }).limit(200).lean<StoredFlow[]>();
    },
    async flow(number: string, version: number): Promise<StoredFlow | undefined> {
      return (await flows.findById(`${number}@${version}`).lean<StoredFlow | null>()) ?? undefined;
    },
    async listedCallers(): Promise<ListedCaller[]> {
      const stored = await listed.find().sort({ _id: 1 }).lean<StoredListed[]>();
      return stored.flatMap(({ _id, ...rest }) => checked(ListedCaller.safeParse({ number: _id, ...rest }), 'listed caller'));
    },
    async saveListed({ number, ...rest }: ListedCaller): Promise<void> {
      await listed.collection.replaceOne({ _id: number } as never, rest, { upsert: true });
    },
    async removeListed(number: string): Promise<void> {
      await listed.collection.deleteOne({ _id: number } as never);
    },
  };

  function checked<T>(parsed: { success: true; data: T } | { success: false }, what: string): T[] {
    if (parsed.success) return [parsed.data];
    log.error({ what }, 'a stored entry does not have its shape and is left out');
    return [];
  }
}

export type NumberStore = ReturnType<typeof createNumberStore>;
