import { z } from 'zod';
import { DaySheet as DaySheetShape, type SheetClock } from '../../../shared/contracts/api/calls/retention.js';
import { createLockedObjects, readEveryVersion, type LockedObjectsOptions } from '../../../shared/platform/stores/locked-objects.js';
import type { ObjectClient } from '../../../shared/platform/stores/objects.js';
import type { DaySheet } from '../day-sheet.js';
import type { SheetAnchors } from '../ports.js';

const PREFIX = 'ledger-sheets/';
/** Unknown fields of a copy are kept, so that the hash of a copy with added fields does not match. */
const Copies = z.array(z.looseObject(DaySheetShape.shape));

const withOffset = ({ offsetMs, ...clock }: z.infer<typeof SheetClock>) => ({ ...clock, ...(offsetMs === undefined ? {} : { offsetMs }) });

/** Every version of the copies of the sheets, or of those of one day. */
export const readSheetCopies = async (objects: ObjectClient, bucket: string, day?: string): Promise<DaySheet[]> =>
  Copies.parse(await readEveryVersion(objects, bucket, day === undefined ? PREFIX : `${PREFIX}${day}.json`)).map(
    ({ auditHead, facts, clock, ...sheet }) => ({
      ...sheet,
      ...(auditHead === undefined ? {} : { auditHead }),
      ...(facts === undefined ? {} : { facts }),
      ...(clock === undefined ? {} : { clock: withOffset(clock) }),
    }),
  );

/** Sealed sheets as locked objects beside the recordings. */
export function createS3SheetAnchors(options: LockedObjectsOptions): SheetAnchors {
  const { objects, bucket } = options;
  const locked = createLockedObjects(options);
  return {
    write: (sheet) => locked.put(`${PREFIX}${sheet.day}.json`, sheet, sheet.sealedAt),
    ofDay: (day) => readSheetCopies(objects, bucket, day),
    all: () => readSheetCopies(objects, bucket),
  };
}
