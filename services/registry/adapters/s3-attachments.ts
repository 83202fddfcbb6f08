import { createHash } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import type { ObjectClient } from '../../shared/platform/stores/objects.js';
import type { Attachment, AttachmentStore } from '../ports.js';

export const REGISTER_FILES = 'registry_attachments';
export type StoredFile = Omit<Attachment, 'attachmentId'> & {
  readonly _id: string;
  readonly withdrawnAt?: Date;
  readonly withdrawnBy?: string;
};

const schema = new Schema<StoredFile>(
  {
    _id: { type: String, required: true },
    register: String,
    key: String,
    item: String,
    fileName: String,
    contentType: String,
    sizeBytes: Number,
    sha256: String,
    uploadedAt: Date,
    uploadedBy: String,
    withdrawnAt: Date,
    withdrawnBy: String,
  },
  { collection: REGISTER_FILES, versionKey: false },
).index({ register: 1, key: 1 });

/** More than any licence file has. */
const MOST_FILES = 20_000;
/** A withdrawn file stays stored, and is in no list. */
const inUse = { withdrawnAt: { $exists: false } } as const;
const toAttachment = ({ _id, withdrawnAt: _at, withdrawnBy: _by, ...rest }: StoredFile): Attachment => ({ attachmentId: _id, ...rest });

/** Every attachment without its content, oldest first. */
export const allAttachments = async (mongo: Connection): Promise<Attachment[]> =>
  (
    await mongo
      .model<StoredFile>('RegistryAttachment', schema)
      .find(inUse)
      .sort({ uploadedAt: 1, _id: 1 })
      .limit(MOST_FILES)
      .lean<StoredFile[]>()
  ).map(toAttachment);

const objectOf = (attachmentId: string): string => `registry/${attachmentId}`;

/** Contents in the object store, with one document about each, written last: half an upload is not listed. */
export function createAttachments(mongo: Connection, objects: ObjectClient, bucket: string): AttachmentStore {
  const attachments = mongo.model<StoredFile>('RegistryAttachment', schema);
  return {
    async put(about, body) {
      await objects.putObject(bucket, objectOf(about.attachmentId), body, body.length, { 'Content-Type': about.contentType });
      const attachment: Attachment = { ...about, sizeBytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
      const { attachmentId, ...rest } = attachment;
      await attachments.create({ _id: attachmentId, ...rest });
      return attachment;
    },
    list: async (register, key) =>
      (
        await attachments
          .find({ ...inUse, ...(register === undefined ? {} : { register }), ...(key === undefined ? {} : { key }) })
          .sort({ uploadedAt: -1 })
          .limit(1_000)
          .lean<StoredFile[]>()
      ).map(toAttachment),
    async one(attachmentId) {
      const found = await attachments.findOne({ _id: attachmentId }).lean<StoredFile>();
      return found === null ? undefined : toAttachment(found);
    },
    async withdraw(attachmentId, by, at) {
      const { modifiedCount } = await attachments.updateOne(
        { _id: attachmentId, ...inUse },
        { $set: { withdrawnAt: at, withdrawnBy: by } },
      );
      return modifiedCount === 1;
    },
    read: async ({ attachmentId }) => objects.getObject(bucket, objectOf(attachmentId)),
  };
}
