import type { LicenceHolder } from '../complaints/index.js';
import { createLicenceFile } from '../registry/index.js';

/** The parts of the licence file that letters to complainants need: the sender, the licence, and the names of client units. */
export function createLicenceHolder(needs: Parameters<typeof createLicenceFile>[0]): LicenceHolder {
  const file = createLicenceFile(needs);
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  return async () => {
    const { company, licence, clients } = await file.read('zh-CN');
    return {
      company: textOf(company?.rows[0]?.values['name']),
      licence: textOf(licence?.rows[0]?.values['number']),
      clientNames: new Map((clients?.rows ?? []).map(({ key, values }) => [key, textOf(values['name'])])),
    };
  };
}
