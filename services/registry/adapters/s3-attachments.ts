import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Client } from 'minio';
import { Schema, type Connection } from 'mongoose';
import type { Attachment, AttachmentStore } from '../ports.js';

type Stored = Omit<Attachment, 'attachmentId'> & { readonly _id: string };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    register: String,
    key: String,
    fileName: String,
    contentType: String,
    sizeBytes: Number,
    sha256: String,
    uploadedAt: Date,
    uploadedBy: String,
  },
  { collection: 'registry_attachments', versionKey: false },
).index({ register: 1, key: 1 });

const objectOf = (attachmentId: string): string => `registry/${attachmentId}`;

/** Bodies in the object store, one document about each, written last: a half upload is not listed. */
export function createAttachments(mongo: Connection, objects: Client, bucket: string): AttachmentStore {
  const attachments = mongo.model<Stored>('RegistryAttachment', schema);
  const toAttachment = ({ _id, ...rest }: Stored): Attachment => ({ attachmentId: _id, ...rest });
  return {
    async put(about, body) {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      const counted = Readable.from(
        (async function* () {
          for await (const chunk of body) {
            hash.update(chunk);
            sizeBytes += chunk.byteLength;
            yield Buffer.from(chunk);
          }
        })(),
      );
      await objects.putObject(bucket, objectOf(about.attachmentId), counted, undefined, { 'Content-Type': about.contentType });
      const attachment: Attachment = { ...about, sizeBytes, sha256: hash.digest('hex') };
      const { attachmentId, ...rest } = attachment;
      await attachments.create({ _id: attachmentId, ...rest });
      return attachment;
    },
    list: async (register, key) =>
      (
        await attachments
          .find({ ...(register === undefined ? {} : { register }), ...(key === undefined ? {} : { key }) })
          .sort({ uploadedAt: -1 })
          .limit(1_000)
          .lean<Stored[]>()
      ).map(toAttachment),
    async one(attachmentId) {
      const found = await attachments.findOne({ _id: attachmentId }).lean<Stored>();
      return found === null ? undefined : toAttachment(found);
    },
    read: async ({ attachmentId }) => objects.getObject(bucket, objectOf(attachmentId)),
  };
}
