import { Schema, type Connection, type Model } from 'mongoose';
import { ListedCaller } from '../../shared/contracts/calls/caller-list.js';
import { ServiceNumber, Trunk, type Flow } from '../../shared/contracts/calls/flow.js';
import type { Config } from '../../shared/platform/settings/config.js';
import { addNew, writeOver } from '../../shared/platform/stores/edits.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { createSecretCipher, isSealed } from '../../shared/platform/stores/secret-cipher.js';
import type { TrunkId } from '../../shared/domain/ids.js';

export interface StoredNumber extends Omit<ServiceNumber, 'number'> {
  readonly _id: string;
}
interface StoredTrunk extends Omit<Trunk, 'id'> {
  readonly _id: string;
}
interface StoredListed extends Omit<ListedCaller, 'number'> {
  readonly _id: string;
}
/** One version of a number's flow. A version never changes after it was written. */
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

export const SERVICE_NUMBERS = 'service_numbers';
const FLOW_VERSIONS = 'flow_versions';
const TRUNKS = 'trunks';
const LISTED_CALLERS = 'listed_callers';

const model = <T>(connection: Connection, name: string, collection: string): Model<T> =>
  (connection.models[name] as Model<T> | undefined) ??
  connection.model<T>(
    name,
    new Schema<T>({ _id: { type: String, required: true } }, { collection, versionKey: false, strict: false, minimize: false }),
  );

/**
 * Numbers, trunks and versions of flows, each in its collection and checked against its contract when it is read. The password of a trunk
 * is sealed before it is stored.
 */
export function createNumberStore({
  mongo: connection,
  config,
  log,
}: {
  readonly mongo: Connection;
  readonly config: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>;
  readonly log: Logger;
}) {
  const cipher = createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'trunk passwords');
  const numbers = model<StoredNumber>(connection, 'ServiceNumber', SERVICE_NUMBERS);
  const trunks = model<StoredTrunk>(connection, 'Trunk', TRUNKS);
  const flows = model<StoredFlow>(connection, 'FlowVersion', FLOW_VERSIONS);
  const listed = model<StoredListed>(connection, 'ListedCaller', LISTED_CALLERS);

  return {
    async numbers(): Promise<ServiceNumber[]> {
      const stored = await numbers.find().lean<StoredNumber[]>();
      return stored.flatMap(({ _id, ...rest }) =>
        checked(ServiceNumber.safeParse({ revision: 0, number: _id, ...rest }), 'service number'),
      );
    },
    async number(number: string): Promise<ServiceNumber | undefined> {
      const stored = await numbers.findById(number).lean<StoredNumber | null>();
      return stored === null ? undefined : ServiceNumber.parse({ revision: 0, ...stored, number: stored._id });
    },
    /** Replaces the number that was read, or adds a new one. Fails with `changed-meanwhile` when there is a later version. */
    async saveNumber({ number, ...rest }: ServiceNumber, read: ServiceNumber | undefined, by: string): Promise<ServiceNumber> {
      return { number, ...(await writeOver(connection.collection(SERVICE_NUMBERS), number, rest, read, by)) };
    },
    /** Switches the status, whatever else has changed in the meantime. */
    async switchNumber(number: string, status: ServiceNumber['status'], by: string): Promise<void> {
      await numbers.updateOne({ _id: number }, { $set: { status, changedBy: by }, $inc: { revision: 1 } });
    },
    async removeNumber(number: string): Promise<void> {
      await numbers.deleteOne({ _id: number });
    },
    async trunks(): Promise<Trunk[]> {
      const stored = await trunks.find().lean<StoredTrunk[]>();
      return stored.flatMap(({ _id, ...rest }) => checked(Trunk.safeParse({ revision: 0, id: _id, ...opened(_id, rest) }), 'trunk'));
    },
    /** Replaces the trunk that was read, or adds a new one. Fails with `changed-meanwhile` when there is a later version. */
    async saveTrunk({ id, digest, ...rest }: Trunk, read: Trunk | undefined, by: string): Promise<Trunk> {
      const sealed = digest === undefined ? {} : { digest: { ...digest, password: cipher.seal(digest.password, row(id)) } };
      const { revision, changedBy } = await writeOver(connection.collection(TRUNKS), id, { ...rest, ...sealed }, read, by);
      return { ...rest, id, ...(digest === undefined ? {} : { digest }), revision, changedBy };
    },
    /** Seals passwords that an earlier version stored in clear. */
    async sealPasswords(): Promise<void> {
      for (const { _id, ...rest } of await trunks.find().lean<StoredTrunk[]>())
        if (rest.digest !== undefined && !isSealed(rest.digest.password)) {
          const { password } = rest.digest;
          // A password that somebody has set meanwhile stays.
          const asRead = { _id, 'digest.password': password };
          await connection
            .collection<StoredTrunk>(TRUNKS)
            .updateOne(asRead, { $set: { 'digest.password': cipher.seal(password, row(_id)) } });
        }
    },
    async removeTrunk(id: string): Promise<void> {
      await trunks.deleteOne({ _id: id });
    },
    async addFlow(version: StoredFlow): Promise<void> {
      await addNew(connection.collection(FLOW_VERSIONS), version);
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
      await connection.collection<StoredListed>(LISTED_CALLERS).replaceOne({ _id: number }, rest, { upsert: true });
    },
    async removeListed(number: string): Promise<void> {
      await listed.deleteOne({ _id: number });
    },
  };

  /** Undefined when the password cannot be opened: a trunk without its digest would let anybody in. */
  function opened(id: string, { digest, ...rest }: Omit<StoredTrunk, '_id'>): object | undefined {
    if (digest === undefined || !isSealed(digest.password)) return { ...rest, ...(digest === undefined ? {} : { digest }) };
    try {
      return { ...rest, digest: { ...digest, password: cipher.open(digest.password, row(id)) } };
    } catch (error) {
      log.error({ err: error, trunkId: id }, 'the password of a trunk cannot be opened; its calls are refused');
      return undefined;
    }
  }

  function checked<T>(parsed: { success: true; data: T } | { success: false }, what: string): T[] {
    if (parsed.success) return [parsed.data];
    log.error({ what }, 'a stored entry does not match its schema and is skipped');
    return [];
  }
}

const row = (trunkId: TrunkId): string => `trunk/${trunkId}`;

export type NumberStore = ReturnType<typeof createNumberStore>;
