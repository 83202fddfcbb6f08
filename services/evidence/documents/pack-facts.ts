import type { Witnessed } from '../witness/witness-service.js';
import type { ApplicationWorkspace } from '../checks/application.js';
import type { LicenceCase } from '../cases/case-types.js';
import type { ShownCase } from '../cases/licence-case.js';
import type { CalendarDate } from '../checks/calendar-date.js';
import type { Duty } from '../checks/duties.js';
import type { Difference } from '../checks/filing.js';
import type { SelfCheck } from '../checks/self-check.js';
import type { Usage } from '../checks/usage.js';
import type { Finding } from '../finding.js';
import type { EquipmentList } from '../inventory/equipment.js';
import type { Topology } from '../inventory/topology.js';
import type { FraudSettings } from '../../shared/domain/calls/fraud.js';
import type { Words } from '../../shared/domain/language.js';
import type { LicenceFile } from '../licence-file.js';
import type { ProbeRow } from '../probes/probe.js';
import type { StoredFigures } from '../quality/stored-figures.js';
import type { AlarmRow, ComplaintRow, ProofRow } from '../quality/call-row.js';
import type { Figure } from '../quality/formulas.js';

export type PackKind = 'licence' | 'renewal' | 'change' | 'inspection' | 'annual';

export const packNames: Readonly<Record<PackKind, Words>> = {
  licence: { zh: '许可申请材料包', en: 'Pack for the licence application' },
  renewal: { zh: '许可续期材料包', en: 'Pack for the renewal of the licence' },
  change: { zh: '许可变更材料包', en: 'Pack for a change of the licence' },
  inspection: { zh: '现场检查材料包', en: 'Pack for the on-site inspection' },
  annual: { zh: '年报材料包', en: 'Pack for the annual report' },
};

/** What an annual report states, in numbers: kept with its pack, so that the next year is compared with what was filed. */
export interface AnnualSummary {
  readonly year: number;
  readonly counts: Readonly<Record<AnnualCount, number>>;
  /** Overall figures, by month. */
  readonly figures: readonly Figure[];
}
export type AnnualCount =
  | 'calls'
  | 'inbound'
  | 'outbound'
  | 'handled'
  | 'complaints'
  | 'clients'
  | 'seats'
  | 'numbers'
  | 'trunks'
  | 'sites'
  | 'staff'
  | 'technicalStaff';

/** Everything that the documents of a pack are made from. The documents are pure functions of it. */
export interface PackFacts {
  /** The sealed day sheets from the first day of the period on. */
  readonly sheets: readonly object[];
  /** What was sent to witnesses outside of the day sheets. */
  readonly witnessed: readonly Witnessed[];
  readonly kind: PackKind;
  /** The licence case that the pack is for; left out when it is for none. */
  readonly case?: { readonly of: LicenceCase; readonly shown: ShownCase };
  readonly from: CalendarDate;
  /** Inclusive. */
  readonly to: CalendarDate;
  readonly zone: string;
  readonly today: CalendarDate;
  readonly file: LicenceFile;
  readonly probes: readonly ProbeRow[];
  readonly equipment: EquipmentList;
  readonly topology: Topology;
  readonly topologySvg: string;
  readonly findings: readonly Finding[];
  readonly selfChecks: readonly SelfCheck[];
  readonly workspace: ApplicationWorkspace;
  readonly duties: readonly Duty[];
  readonly filedOn: CalendarDate | undefined;
  readonly differences: readonly Difference[];
  readonly usage: Usage;
  readonly figures: readonly Figure[];
  /** Of the months and years that lie within the period. */
  readonly stored: readonly (StoredFigures & { readonly fromMs: number; readonly untilMs: number })[];
  /** What was filed for the year before, when a report was frozen then. */
  readonly filedBefore: AnnualSummary | undefined;
  /** The same figures of the year before, for the annual workbook. */
  readonly figuresBefore: readonly Figure[];
  readonly queueNames: Readonly<Record<string, Words>>;
  readonly totals: Totals;
  readonly complaints: readonly ComplaintRow[];
  readonly scores: Readonly<Record<string, number>>;
  readonly proofs: readonly ProofRow[];
  readonly outbound: OutboundFacts;
  readonly capacity: Capacity;
  readonly openPoints: readonly { readonly id: string; readonly text: string }[];
}

export interface Totals {
  readonly calls: number;
  readonly inbound: number;
  readonly outbound: number;
  readonly handled: number;
  readonly talkMs: number;
  readonly recordings: number;
}

export interface OutboundFacts {
  readonly calls: number;
  /** Wishes to call out, with those that a rule refused. */
  readonly attempts: number;
  readonly blocked: Readonly<Record<string, number>>;
  /** Of persons, to be called: `inForce` are neither withdrawn nor past their time. */
  readonly consents: { readonly inForce: number; readonly all: number };
  readonly doNotCall: number;
  readonly refusals: readonly { readonly at: string; readonly numberMasked: string; readonly reason: string }[];
  /** What the fraud watch found in the period, agents by their account, and its rules as they are now. */
  readonly alarms: readonly AlarmRow[];
  readonly fraudSettings: FraudSettings;
  /** Drawn from the outbound calls with this seed. */
  readonly seed: string;
  readonly sample: readonly {
    readonly callId: string;
    readonly at: string;
    readonly numberMasked: string;
    readonly recording: boolean;
    readonly purpose: string;
    readonly consent: string;
  }[];
}

/** Measured, not taken from a data sheet. */
export interface Capacity {
  readonly recordingBytesPerSecond: number | undefined;
  readonly recordedSecondsPerDay: number;
  readonly storageFreeBytes: number | undefined;
  readonly peakCalls: number | undefined;
}
