import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { recordKinds } from '../../services/shared/records/all.js';

const known = JSON.parse(readFileSync(join(import.meta.dirname, 'record-shapes.json'), 'utf8')) as Record<string, Record<string, string>>;

/** A text that changes whenever a field changes. */
function shapeOf(row: z.ZodType): string {
  const described = z.toJSONSchema(row, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') jsonSchema.type = 'string';
    },
  });
  return createHash('sha256').update(JSON.stringify(described)).digest('hex').slice(0, 16);
}

test.each(recordKinds.map((kind) => [`${kind.name} ${kind.version}`, kind] as const))(
  'the record %s has the fields of its version: other fields are another version, noted in record-shapes.json',
  (_name, { name, version, row }) => {
    expect({ [name]: { [version]: shapeOf(row) } }).toEqual({ [name]: { [version]: known[name]?.[version] } });
  },
);
