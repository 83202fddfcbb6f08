import type { ObjectClient } from '../../../shared/platform/objects.js';
import type { SheetAnchors } from '../ports.js';
import type { DaySheet } from '../day-sheet.js';

const PREFIX = 'ledger-sheets/';

/** Sealed sheets as objects beside the recordings. */
export function createS3SheetAnchors(objects: ObjectClient, bucket: string): SheetAnchors {
  return {
    async write(sheet) {
      await objects.putObject(bucket, `${PREFIX}${sheet.day}.json`, JSON.stringify(sheet), undefined, {
        'Content-Type': 'application/json',
      });
    },
    async all() {
      const found: DaySheet[] = [];
      if (!(await objects.bucketExists(bucket))) return found;
      for await (const item of objects.listObjectsV2(bucket, PREFIX, true) as AsyncIterable<{ name?: string }>) {
        if (item.name === undefined) continue;
        const chunks: Buffer[] = [];
        for await (const chunk of await objects.getObject(bucket, item.name)) chunks.push(chunk as Buffer);
        found.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as DaySheet);
      }
      return found;
    },
  };
}
