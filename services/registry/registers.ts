import type { Register } from './register.js';
import { caseRegisters } from './registers/cases.js';
import { licenceRegisters } from './registers/licence.js';
import { peopleRegisters } from './registers/people.js';
import { resourceRegisters } from './registers/resources.js';
import { securityRegisters } from './registers/security.js';

/** Every register of the licence file. */
export const registers = { ...licenceRegisters, ...resourceRegisters, ...peopleRegisters, ...securityRegisters, ...caseRegisters } as const;
export type RegisterName = keyof typeof registers;
export const registerNames = Object.keys(registers) as RegisterName[];

/** The register of a name, or undefined. */
export const registerNamed = (name: string): Register | undefined =>
  Object.hasOwn(registers, name) ? registers[name as RegisterName] : undefined;
