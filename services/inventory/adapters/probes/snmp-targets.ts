import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

const Common = z.object({
  /** The name of the device in rows of the probe: `snmp:NAME`. */
  name: z.string().regex(/^[\w.-]{1,40}$/),
  address: z.string().regex(/^[\w.:-]{1,255}$/),
  port: z.number().int().min(1).max(65_535).default(161),
});
const Target = z.discriminatedUnion('version', [
  Common.extend({ version: z.literal('2c'), communityFile: z.string().min(1) }),
  Common.extend({
    version: z.literal('3'),
    user: z.string().min(1).max(32),
    authProtocol: z.enum(['sha', 'sha224', 'sha256', 'sha384', 'sha512']).default('sha256'),
    authKeyFile: z.string().min(1),
    privProtocol: z.enum(['aes', 'aes256b', 'aes256r']).default('aes'),
    privKeyFile: z.string().min(1),
  }),
]);
const Targets = z.array(Target).max(500);

/** Equipment that answers SNMP. Keys and communities are in separate files. */
export type SnmpTarget = z.infer<typeof Target>;

/**
 * Reads the file that `SNMP_TARGETS_FILE` names: a JSON list. Names of key files are taken from the folder of that file.
 * @throws one error that names every bad field and no value
 */
export function readSnmpTargets(path: string): SnmpTarget[] {
  const found = Targets.safeParse(parsed(path));
  if (!found.success)
    throw new Error(
      `SNMP_TARGETS_FILE: ${found.error.issues.map((issue) => `${issue.path.join('.') || 'list'}: ${issue.code}`).join('; ')}`,
    );
  const names = found.data.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Error('SNMP_TARGETS_FILE: a name occurs twice');
  const beside = (file: string): string => resolve(dirname(path), file);
  return found.data.map((target) =>
    target.version === '2c'
      ? { ...target, communityFile: beside(target.communityFile) }
      : { ...target, authKeyFile: beside(target.authKeyFile), privKeyFile: beside(target.privKeyFile) },
  );
}

function parsed(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the file.
    throw new Error('SNMP_TARGETS_FILE: is no JSON');
  }
}
