import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Schema, type Connection } from 'mongoose';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { ObjectClient } from '../../shared/platform/stores/objects.js';
import type { CaseFile, CaseFileStore } from '../ports.js';

type Stored = Omit<CaseFile, 'fileId'> & {
  readonly _id: string;
  /** Exists until a case names the file. */
  readonly unnamedSince?: Date;
};

const schema = new Schema<Stored>(
  { _id: { type: String, required: true } },
  { collection: 'complaint_files', versionKey: false, strict: false },
).index({ unnamedSince: 1 }, { sparse: true });

const objectOf = ({ complaintId, fileId }: Pick<CaseFile, 'complaintId' | 'fileId'>): string => `complaints/${complaintId}/${fileId}`;
const sha256Of = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
const toFile = ({ _id, unnamedSince: _unnamedSince, ...rest }: Stored): CaseFile => ({ fileId: _id, ...rest });

/** Bytes in the object store, with a document about each. */
export function createCaseFiles(mongo: Connection, objects: ObjectClient, bucket: string): CaseFileStore {
  const files = mongo.model<Stored>('ComplaintFile', schema);
  return {
    async put(about, body) {
      const file: CaseFile = { ...about, sizeBytes: body.byteLength, sha256: sha256Of(body) };
      await objects.putObject(bucket, objectOf(file), Buffer.from(body), body.byteLength, { 'Content-Type': about.contentType });
      const { fileId, ...rest } = file;
      await files.create({ _id: fileId, ...rest, unnamedSince: about.at });
      return file;
    },
    async byId(fileId) {
      const found = await files.findOne({ _id: fileId }).lean<Stored>();
      return found === null ? undefined : toFile(found);
    },
    async read(file) {
      const body = await buffer(await objects.getObject(bucket, objectOf(file)));
      if (sha256Of(body) !== file.sha256) throw new CallCentreError('file-damaged', 'This file is not the one that was stored.');
      return body;
    },
    async named(fileIds) {
      await files.updateMany({ _id: { $in: [...fileIds] } }, { $unset: { unnamedSince: '' } });
    },
    unnamed: async (before, limit) =>
      (
        await files
          .find({ unnamedSince: { $lt: before } })
          .limit(limit)
          .lean<Stored[]>()
      ).map(toFile),
    async remove(fileId) {
      const found = await files.findOne({ _id: fileId }).lean<Stored>();
      if (found === null) return;
      await objects.removeObject(bucket, objectOf(toFile(found)));
      await files.deleteOne({ _id: fileId });
    },
  };
}
