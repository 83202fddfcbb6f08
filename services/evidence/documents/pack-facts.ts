import type { SealedSheet, Witnessed } from '../../shared/domain/licence/witnessed.js';
import type { ApplicationWorkspace } from '../checks/application.js';
import type { LicenceCase } from '../cases/case-types.js';
import type { ShownCase } from '../cases/licence-case.js';
import type { CalendarDate } from '../../shared/domain/time/calendar-date.js';
import type { Duty } from '../checks/duties.js';
import type { Difference } from '../checks/filing.js';
import type { SelfCheck } from '../checks/self-check.js';
import type { Usage } from '../checks/usage.js';
import type { Finding } from '../../shared/domain/licence/finding.js';
import type { EquipmentList } from '../../shared/domain/licence/equipment-list.js';
import type { Topology } from '../../shared/domain/licence/topology.js';
import type { FraudSettings } from '../../shared/domain/calls/fraud.js';
import type { Words } from '../../shared/domain/language.js';
import type { LicenceFile } from '../../shared/domain/licence/licence-file.js';
import type { ClockJumps } from '../pack/clock-jumps.js';
import type { Draw } from '../pack/draw.js';
import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';
import type { StoredFigures } from '../quality/stored-figures.js';
import type { AlarmRow, ComplaintRow, ProofRow, RecordingRow } from '../quality/call-row.js';
import type { Figure } from '../quality/formulas.js';
import type { CallId } from '../../shared/domain/ids.js';

export type PackKind = 'licence' | 'renewal' | 'change' | 'inspection' | 'annual';

export const packNames: Readonly<Record<PackKind, Words>> = {
  licence: { zh: '许可申请材料包', en: 'Pack for the licence application' },
  renewal: { zh: '许可续期材料包', en: 'Pack for the renewal of the licence' },
  change: { zh: '许可变更材料包', en: 'Pack for a change of the licence' },
  inspection: { zh: '现场检查材料包', en: 'Pack for the on-site inspection' },
  annual: { zh: '年报材料包', en: 'Pack for the annual report' },
};

/** The figures of an annual report. They are kept with its pack, so that the next year can be compared with what was filed. */
export interface AnnualSummary {
  readonly year: number;
  readonly counts: Readonly<Record<AnnualCount, number>>;
  /** Figures of the whole centre, by month. */
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
  readonly sheets: readonly Pick<SealedSheet, 'clock'>[];
  /** The jumps of the clock that no sheet carries yet. */
  readonly clockJumps: ClockJumps;
  /** What was sent to outside witnesses about the day sheets. */
  readonly witnessed: readonly Witnessed[];
  readonly kind: PackKind;
  /** The licence case of the pack; missing without one. */
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
  /** For the months and years within the period. */
  readonly stored: readonly (StoredFigures & { readonly fromMs: number; readonly untilMs: number })[];
  /** Last year's filing, if a report was frozen then. */
  readonly filedBefore: AnnualSummary | undefined;
  /** The same figures for the year before, for the annual workbook. */
  readonly figuresBefore: readonly Figure[];
  readonly queueNames: Readonly<Record<string, Words>>;
  readonly totals: Totals;
  /** Recordings that are missing or damaged, some of them in words, and how many the pack looked at itself. */
  readonly lost: Lost;
  readonly complaints: readonly ComplaintRow[];
  readonly scores: Readonly<Record<string, number>>;
  readonly proofs: readonly ProofRow[];
  /** Only for a pack with drawn recordings: how they were drawn, how many, and from how many. */
  readonly drawn?: Draw & { readonly pool: number; readonly count: number };
  readonly outbound: OutboundFacts;
  readonly capacity: Capacity;
  readonly openPoints: readonly { readonly id: string; readonly text: string }[];
}

/** Recordings of the period that are missing or damaged. */
export interface Lost {
  readonly looked: number;
  readonly count: number;
  readonly rows: readonly Pick<RecordingRow, 'callId' | 'damage' | 'damageFoundAtMs' | 'damageFoundBy'>[];
}

export interface Totals {
  readonly calls: number;
  readonly inbound: number;
  readonly outbound: number;
  readonly handled: number;
  readonly talkMs: number;
  readonly recordings: number;
  /** How many of them a check has opened, and when it opened one last. */
  readonly opened: number;
  readonly lastOpenedMs: number | undefined;
}

export interface OutboundFacts {
  readonly calls: number;
  /** Outbound requests, including those that a rule refused. */
  readonly attempts: number;
  readonly blocked: Readonly<Record<string, number>>;
  /** Consents to be called. `inForce`: neither withdrawn nor expired. */
  readonly consents: { readonly inForce: number; readonly all: number };
  readonly doNotCall: number;
  readonly refusals: readonly { readonly at: string; readonly numberMasked: string; readonly reason: string }[];
  /** The findings of the fraud watch in the period, with agents by their account, and its current rules. */
  readonly alarms: readonly AlarmRow[];
  readonly fraudSettings: FraudSettings;
  /** Drawn from the outbound calls with this seed. */
  readonly seed: string;
  readonly sample: readonly {
    readonly callId: CallId;
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

/** What a document is made from that only the registers fill in. */
export type FileFacts = Pick<PackFacts, 'file'>;
