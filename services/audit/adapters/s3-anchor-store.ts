import type { Client } from 'minio';
import type { Anchor } from '../chain.js';
import type { AnchorStore } from '../ports.js';

const PREFIX = 'audit-anchors/';

/** Heads of the chain as small objects, in the bucket that is under lock where the store has Object Lock. */
export function createS3AnchorStore(objects: Client, bucket: string): AnchorStore {
  return {
    async write(anchor) {
      // Whoever comes first makes the bucket, with Object Lock, which can only be had at its making.
      if (!(await objects.bucketExists(bucket))) await objects.makeBucket(bucket, '', { ObjectLocking: true });
      const name = `${PREFIX}${anchor.at.slice(0, 19)}-${anchor.number}.json`;
      await objects.putObject(bucket, name, JSON.stringify(anchor), undefined, { 'Content-Type': 'application/json' });
    },
    async all() {
      const anchors: Anchor[] = [];
      if (!(await objects.bucketExists(bucket))) return anchors;
      for await (const item of objects.listObjectsV2(bucket, PREFIX, true) as AsyncIterable<{ name?: string }>) {
        if (item.name === undefined) continue;
        const chunks: Buffer[] = [];
        for await (const chunk of await objects.getObject(bucket, item.name)) chunks.push(chunk as Buffer);
        anchors.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Anchor);
      }
      return anchors;
    },
  };
}
