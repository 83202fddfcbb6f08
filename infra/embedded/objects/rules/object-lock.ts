// Object Lock as pure decisions: who may shorten, lift or delete what, and when.
import { S3Error } from '../protocol/s3-error.js';
import { child, children, textOf, xml, type XmlElement, type XmlNode } from '../protocol/xml.js';

export type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';
export interface Retention {
  readonly mode: RetentionMode;
  /** ISO 8601, UTC. */
  readonly retainUntil: string;
}
export type DefaultRetention = { readonly mode: RetentionMode } & ({ readonly days: number } | { readonly years: number });

/** The locks of one version. */
export interface LockState {
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

const maxRetentionDays = 36_500;
const maxRetentionYears = 100;

export const isActive = (retention: Retention | undefined, nowMs: number): retention is Retention =>
  retention !== undefined && Date.parse(retention.retainUntil) > nowMs;

/** Why a version cannot be destroyed now, or undefined. `bypass` is the header together with the right to use it. */
export function deletionRefusal(state: LockState, bypass: boolean, nowMs: number): string | undefined {
  if (state.legalHold === true) return 'Object is WORM protected: a legal hold is on.';
  if (!isActive(state.retention, nowMs)) return undefined;
  if (state.retention.mode === 'GOVERNANCE' && bypass) return undefined;
  return `Object is WORM protected: retained under ${state.retention.mode.toLowerCase()} mode.`;
}

/** Why a version's retention cannot become `next` (undefined lifts it), or undefined. */
export function retentionRefusal(state: LockState, next: Retention | undefined, bypass: boolean, nowMs: number): string | undefined {
  const current = state.retention;
  if (!isActive(current, nowMs)) return undefined;
  const keepsOrExtends = next?.mode === current.mode && Date.parse(next.retainUntil) >= Date.parse(current.retainUntil);
  if (keepsOrExtends || (current.mode === 'GOVERNANCE' && bypass)) return undefined;
  return `Object is WORM protected: ${current.mode.toLowerCase()} retention can only be extended.`;
}

/** @throws S3Error when the date is not an ISO 8601 date in the future or the mode is unknown */
export function retentionOf(mode: string, retainUntil: string, nowMs: number): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw new S3Error('MalformedXML', 'Unknown WORM mode.');
  const untilMs = Date.parse(retainUntil);
  // A date without a zone would be read in the server's own.
  if (Number.isNaN(untilMs) || !/^[^T]*T.*(Z|[+-]\d\d:?\d\d)$/.test(retainUntil)) {
    throw new S3Error('InvalidArgument', 'The retain until date must be in ISO 8601 format with a time zone.');
  }
  if (untilMs <= nowMs) throw new S3Error('InvalidArgument', 'The retain until date must be in the future!');
  return { mode, retainUntil: new Date(untilMs).toISOString() };
}

/** The retention a new version gets from its bucket, counted from `fromMs`. */
export function applyDefault(rule: DefaultRetention | undefined, fromMs: number): Retention | undefined {
  if (rule === undefined) return undefined;
  const until = new Date(fromMs);
  if ('days' in rule) until.setUTCDate(until.getUTCDate() + rule.days);
  else until.setUTCFullYear(until.getUTCFullYear() + rule.years);
  return { mode: rule.mode, retainUntil: until.toISOString() };
}

/** The body of PutObjectRetention; undefined for an empty one, which asks to lift the retention. */
export function parseRetention(root: XmlElement, nowMs: number): Retention | undefined {
  const mode = textOf(root, 'Mode');
  const until = textOf(root, 'RetainUntilDate');
  if (!mode && !until) return undefined;
  if (!mode || !until) throw new S3Error('MalformedXML');
  return retentionOf(mode, until, nowMs);
}

/** The body of PutObjectLockConfiguration; undefined when it sets no default. */
export function parseLockConfiguration(root: XmlElement): DefaultRetention | undefined {
  if (textOf(root, 'ObjectLockEnabled') !== 'Enabled') throw new S3Error('MalformedXML');
  const rules = children(root, 'Rule');
  if (rules.length === 0) return undefined;
  const rule = rules[0] && child(rules[0], 'DefaultRetention');
  const mode = rule && textOf(rule, 'Mode');
  if (rules.length > 1 || !rule || (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')) throw new S3Error('MalformedXML');
  const days = textOf(rule, 'Days');
  const years = textOf(rule, 'Years');
  if ((days === undefined) === (years === undefined)) throw new S3Error('MalformedXML', 'Either Days or Years is needed, and not both.');
  const period = Number(days ?? years);
  const max = days === undefined ? maxRetentionYears : maxRetentionDays;
  if (!Number.isInteger(period) || period < 1 || period > max)
    throw new S3Error('InvalidRetentionPeriod', 'Default retention period must be a positive integer value.');
  return days === undefined ? { mode, years: period } : { mode, days: period };
}

export function lockConfigurationXml(rule: DefaultRetention | undefined): XmlNode {
  return xml('ObjectLockConfiguration', [
    xml('ObjectLockEnabled', 'Enabled'),
    rule &&
      xml('Rule', [xml('DefaultRetention', [xml('Mode', rule.mode), 'days' in rule ? xml('Days', rule.days) : xml('Years', rule.years)])]),
  ]);
}
