import type { Words } from '../language.js';
import type { ColumnKind } from './document.js';

/** The licence file as evidence reads it. `services/registry` provides it, wired by the composition root. */
export interface LicenceTable {
  readonly title: Words;
  /** `kind`: what a workbook holds in the column; text when it is missing. */
  readonly columns: readonly { readonly key: string; readonly label: Words; readonly kind?: ColumnKind }[];
  readonly rows: readonly LicenceRow[];
}

export interface LicenceRow {
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The values in the words of the requested language. */
  readonly shown: readonly string[];
  /** Its files; missing when a file of rows was made without them. */
  readonly files?: readonly RowFile[];
}

/** A file of a row, without its content. */
export interface RowFile {
  readonly attachmentId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** For a licence case: the item of its checklist. */
  readonly item?: string;
}

export type LicenceFile = Readonly<Record<string, LicenceTable>>;

export const rowsOf = (file: LicenceFile, register: string): readonly LicenceRow[] => file[register]?.rows ?? [];

export const textOf = (row: LicenceRow | undefined, key: string): string => {
  const value = row?.values[key];
  return typeof value === 'string' ? value : '';
};
export const numberOf = (row: LicenceRow | undefined, key: string): number => {
  const value = row?.values[key];
  return typeof value === 'number' ? value : 0;
};
export const flagOf = (row: LicenceRow | undefined, key: string): boolean => row?.values[key] === true;
export const listOf = (row: LicenceRow | undefined, key: string): readonly string[] => {
  const value = row?.values[key];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
};

/** Duties that need a named person (items 40 and 63), as the column `duties` of the staff register holds them. */
export const namedDuties = {
  security: { zh: '安全责任人', en: 'Security responsible person' },
  service: { zh: '客服负责人', en: 'Customer-service responsible person' },
  emergency: { zh: '应急联系人', en: 'Emergency contact' },
  technical: { zh: '技术负责人', en: 'Technical lead' },
} as const satisfies Record<string, Words>;

export const hasDuty = (person: LicenceRow, { zh, en }: Words): boolean =>
  listOf(person, 'duties').some((duty) => duty === zh || duty.toLowerCase() === en.toLowerCase());

/** A value as documents print it: choices in words. */
export function shownOf(file: LicenceFile, register: string, row: LicenceRow, key: string): string {
  const column = file[register]?.columns.findIndex((each) => each.key === key) ?? -1;
  return column < 0 ? '' : (row.shown[column] ?? '');
}

/** The company and the licence at the head of documents. A file without them gives empty words, which the self-check reports. */
export function holderOf(file: LicenceFile): { company: string; licence: string; legalRepresentative: string } {
  const company = rowsOf(file, 'company')[0];
  return {
    company: textOf(company, 'name'),
    licence: textOf(rowsOf(file, 'licence')[0], 'number'),
    legalRepresentative: textOf(company, 'legalRepresentative'),
  };
}

/** Whether a network address lies in one of the networks (`10.20.0.0/24`), IPv4. */
export function inNetworks(address: string, networks: readonly string[]): boolean {
  const value = ipv4(address);
  return (
    value !== undefined &&
    networks.some((network) => {
      const [base = '', bits = '32'] = network.split('/');
      const start = ipv4(base);
      const size = 2 ** (32 - Number(bits));
      return start !== undefined && Math.floor(value / size) === Math.floor(start / size);
    })
  );
}

function ipv4(text: string): number | undefined {
  const parts = text
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** The site whose networks contain the address; undefined without one. */
export const siteOfAddress = (file: LicenceFile, address: string): string | undefined =>
  rowsOf(file, 'sites').find((site) => inNetworks(address, listOf(site, 'networks')))?.key;
