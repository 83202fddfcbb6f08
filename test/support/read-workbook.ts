import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const Sheet = z.object({
  name: z.string(),
  rows: z.array(z.array(z.object({ value: z.union([z.string(), z.number(), z.null()]), format: z.string() }))),
});
export type ReadSheet = z.infer<typeof Sheet>;

const script = fileURLToPath(new URL('./read-workbook.py', import.meta.url));
const MOST_BYTES = 64_000_000;

/** The sheets of a workbook as another program reads them. Fails where a cell holds a formula. */
export async function readWorkbook(path: string): Promise<ReadSheet[]> {
  const { stdout } = await promisify(execFile)('python3', [script, path], { maxBuffer: MOST_BYTES });
  return z.array(Sheet).parse(JSON.parse(stdout));
}
