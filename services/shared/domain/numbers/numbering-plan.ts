/** The kind of a number in the numbering plan of China (YD/T 2127, ITU-T E.164). */
export const numberKinds = ['mobile', 'geographic', 'service', 'local', 'emergency', 'premium', 'satellite', 'foreign'] as const;
export type NumberKind = (typeof numberKinds)[number];

/** Numbers of persons. A local number without its area code reaches a subscriber in the trunk's town. */
export const personalKinds: readonly NumberKind[] = ['mobile', 'geographic', 'foreign', 'satellite'];

/**
 * A number in its normal form. `text` is the national form of a domestic number (`13800000002`, `02158881234`, `95533`), and `+` with the
 * country code of a foreign one. This form is stored, hashed, compared and masked.
 */
export interface PlannedNumber {
  readonly text: string;
  readonly kind: NumberKind;
  /** The number with `+` and country code; short domestic numbers have none. */
  readonly e164: string | undefined;
}

/** Characters with spaces and brackets. */
const LONGEST_WRITTEN = 60;
const COUNTRY = '86';
/** Access codes of carriers and of IP telephony, which a caller may dial before any number. */
const ACCESS_CODE = /^(?:179\d\d|12593|12520|1019[03]|118(?:01|08)|19[0367])(?=\d{7})/;
const MOBILE = /^1[3-9]\d{9}$/;
const SATELLITE = /^(?:1349|174[09])\d{7}$/;
const PREMIUM = /^16[08]\d{2,9}$/;
const EMERGENCY = new Set(['110', '112', '119', '120', '122']);
/** Numbers that begin with 95 and 96, 400 and 800 numbers, carriers and public services. */
const SERVICE = /^(?:9[56]\d{3,6}|[48]00\d{7}|10[01]\d{2,5}|1\d{2}|1[12]\d{3}|11[68]\d{3})$/;
/** Area code and subscriber number without the leading 0. */
const SUBSCRIBER = /^(?:10|2[0-9])[2-9]\d{7}$|^[3-9]\d{2}[2-9]\d{6,7}$/;
const AREA_CODE = /^0(10|2[0-9]|[3-9]\d{2})(\d{3,8})$/;
const LOCAL = /^[2-9]\d{6,7}$/;
const SATELLITE_NETWORKS = /^8(?:70|8[123])/;
const FOREIGN_PREMIUM = /^(?:979|1900)/;
const FOREIGN = /^[1-9]\d{6,14}$/;

/** Reads a number as people, pages and carriers write it; undefined when the plan has no such number. */
export function planned(written: string): PlannedNumber | undefined {
  if (written.length > LONGEST_WRITTEN) return undefined;
  const cleaned = written.normalize('NFKC').replace(/[\s().\-‐-―]/g, '');
  if (!/^\+?\d{3,30}$/.test(cleaned)) return undefined;
  if (cleaned.startsWith('+')) return abroadOrHome(cleaned.slice(1));
  return dialled(cleaned);
}

/** Police, fire brigade, ambulance and traffic police, also after an access code. */
export const isEmergencyNumber = (written: string): boolean => planned(written)?.kind === 'emergency';

/** Reads the digits after `+` or `00`. */
function abroadOrHome(digits: string): PlannedNumber | undefined {
  if (digits.startsWith(COUNTRY)) return dialled(digits.slice(COUNTRY.length));
  if (!FOREIGN.test(digits)) return undefined;
  const kind = SATELLITE_NETWORKS.test(digits) ? 'satellite' : FOREIGN_PREMIUM.test(digits) ? 'premium' : 'foreign';
  return { text: `+${digits}`, kind, e164: `+${digits}` };
}

/** Reads digits as they are dialled within the country. Each round removes one prefix, so the loop ends. */
function dialled(digits: string): PlannedNumber | undefined {
  if (digits.startsWith('00')) return abroadOrHome(digits.slice(2));
  const national = domestic(digits);
  if (national !== undefined) return national;
  // The country code without its plus, only before a number that is complete without it.
  if (digits.startsWith(COUNTRY) && digits.length > 10) {
    const rest = domestic(digits.slice(COUNTRY.length));
    if (rest !== undefined && rest.kind !== 'local') return rest;
  }
  const code = ACCESS_CODE.exec(digits)?.[0];
  return code === undefined ? undefined : dialled(digits.slice(code.length));
}

function domestic(digits: string): PlannedNumber | undefined {
  const plain = digits.startsWith('0') && MOBILE.test(digits.slice(1)) ? digits.slice(1) : digits;
  if (EMERGENCY.has(plain)) return { text: plain, kind: 'emergency', e164: undefined };
  if (PREMIUM.test(plain)) return { text: plain, kind: 'premium', e164: undefined };
  if (SATELLITE.test(plain)) return { text: plain, kind: 'satellite', e164: `+${COUNTRY}${plain}` };
  if (MOBILE.test(plain)) return { text: plain, kind: 'mobile', e164: `+${COUNTRY}${plain}` };
  if (SERVICE.test(plain)) return { text: plain, kind: 'service', e164: undefined };
  if (LOCAL.test(plain)) return { text: plain, kind: 'local', e164: undefined };
  if (SUBSCRIBER.test(plain)) return geographic(`0${plain}`);
  return withAreaCode(plain);
}

function withAreaCode(digits: string): PlannedNumber | undefined {
  const [, area, rest = ''] = AREA_CODE.exec(digits) ?? [];
  if (area === undefined) return undefined;
  if (SUBSCRIBER.test(area + rest)) return geographic(digits);
  const special = domestic(rest);
  // An area code does not change an emergency number or a nationwide service. Numbers that begin with 96 and 12 differ from area to area.
  if (special?.kind === 'emergency' || special?.kind === 'premium') return special;
  if (special?.kind !== 'service') return undefined;
  return rest.startsWith('95') ? special : { text: digits, kind: 'service', e164: undefined };
}

const geographic = (withZero: string): PlannedNumber => ({ text: withZero, kind: 'geographic', e164: `+${COUNTRY}${withZero.slice(1)}` });
