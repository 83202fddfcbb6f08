import type { Language } from '../shared/domain/language.js';
import type { EquipmentLine } from '../shared/domain/licence/equipment-list.js';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';

/** The registers, read completely; wired by the composition root. */
export interface LicenceFileReader {
  read(language: Language): Promise<LicenceFile>;
}

/** The equipment list of the last round of probes; wired by the composition root. */
export type EquipmentNow = (language: Language) => Promise<readonly EquipmentLine[]>;
