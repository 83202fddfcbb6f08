import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import { applicationWorkspace, type ApplicationWorkspace } from './checks/application.js';
import { checkClocks } from './checks/clocks.js';
import { checkConsistency } from './checks/consistency.js';
import { checkLogs } from './checks/logs.js';
import { checkSecurity } from './checks/security.js';
import { dutiesOf, type Duty } from './checks/duties.js';
import { compareWithFiling, presentState, type Difference, type FiledState } from './checks/filing.js';
import { stillOpen } from './checks/open-points.js';
import { selfCheck, type SelfCheck } from './checks/self-check.js';
import type { Usage } from './checks/usage.js';
import type { Finding } from '../shared/domain/licence/finding.js';
import type { EquipmentList } from '../shared/domain/licence/equipment-list.js';
import type { Topology } from '../shared/domain/licence/topology.js';
import { speak, type Language } from '../shared/domain/language.js';
import { holderOf, type LicenceFile } from '../shared/domain/licence/licence-file.js';
import type { FilingStore, Inventory, LicenceFileReader, PackStore, StateStore } from './ports.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';

/** Everything that is known about the site at a moment, before any period is considered. */
export interface SiteState {
  readonly today: CalendarDate;
  readonly file: LicenceFile;
  readonly probes: readonly ProbeRow[];
  readonly probedAt: Date | undefined;
  readonly equipment: EquipmentList;
  readonly topology: Topology;
  readonly topologySvg: string;
  readonly upright: boolean;
  readonly findings: readonly Finding[];
  readonly selfChecks: readonly SelfCheck[];
  readonly workspace: ApplicationWorkspace;
  readonly duties: readonly Duty[];
  readonly filedOn: CalendarDate | undefined;
  readonly differences: readonly Difference[];
  readonly present: FiledState;
  readonly openPoints: readonly { readonly id: string; readonly text: string }[];
}

export interface SiteStateDependencies {
  readonly licenceFile: LicenceFileReader;
  readonly inventory: Inventory;
  readonly filings: FilingStore;
  readonly annualReports: Pick<PackStore, 'filedYears'>;
  readonly workdays: () => Promise<(date: CalendarDate) => boolean>;
  /** The date of the site at an instant. */
  readonly dateOf: (atMs: number) => CalendarDate;
  readonly today: () => CalendarDate;
  readonly now: () => Date;
  readonly version: string;
  /** How far clocks may differ. */
  readonly clockLimitMs: number;
}

/**
 * Reads the licence file and the newest probes, and draws every conclusion from them, in one language. Comparisons with a filing are always
 * in Chinese, as it was filed.
 */
export async function readSiteState(
  usage: Usage,
  language: Language,
  { licenceFile, inventory, filings, annualReports, workdays, dateOf, today: day, now, version, clockLimitMs }: SiteStateDependencies,
): Promise<SiteState> {
  const today = day();
  const say = speak(language);
  const [file, snapshot, filing, firstSeen, isWorkday] = await Promise.all([
    licenceFile.read(language),
    inventory.latest(),
    filings.latest(),
    filings.firstSeen(),
    workdays(),
  ]);
  const probes = snapshot?.rows ?? [];
  const { equipment, topology } = inventory.reconcile(file, probes, say);
  const holder = holderOf(file);
  const title = {
    company: holder.company,
    licence: holder.licence || say('（申请中）', '(applied for)'),
    date: today,
    version,
    note: say(
      '由运行中的系统与登记生成；红框为探针发现而未登记，虚线框为已登记而未探测到。',
      'Drawn from the running system and the registers. Red border: seen, not declared; dashed: declared, not seen.',
    ),
  };
  const drawing = await inventory.draw(topology, title, say);
  const findings = [
    ...equipment.findings,
    ...topology.findings,
    ...checkConsistency(file, usage, { today, isWorkday, say }),
    ...checkSecurity(file, { now: now(), today, dateOf, say }),
    ...checkLogs(probes, { now: now(), dateOf, say }),
    ...checkClocks(probes, { limitMs: clockLimitMs, say }),
  ];
  const present = language === 'zh-CN' ? presentState(file, equipment, topology) : await presentInChinese(licenceFile, inventory, probes);
  return {
    today,
    file,
    probes,
    probedAt: snapshot?.at,
    equipment,
    topology,
    upright: drawing.upright,
    topologySvg: drawing.svg,
    findings,
    selfChecks: [selfCheck(file, findings, 'provincial', { today, say }), selfCheck(file, findings, 'nationwide', { today, say })],
    workspace: applicationWorkspace(file, say),
    duties: dutiesOf(file, { today, isWorkday, say }, await annualReports.filedYears()),
    filedOn: filing?.filedOn,
    differences:
      filing === undefined ? [] : compareWithFiling(filing.state, present, { firstSeen, today, file, lines: equipment.lines, say }),
    present,
    openPoints: stillOpen(file, say),
  };
}

async function presentInChinese(licenceFile: LicenceFileReader, inventory: Inventory, probes: readonly ProbeRow[]): Promise<FiledState> {
  const file = await licenceFile.read('zh-CN');
  const { equipment, topology } = inventory.reconcile(file, probes, speak('zh-CN'));
  return presentState(file, equipment, topology);
}

/** The name under which the state of a language is stored for the pages. */
export const stateName = (language: Language): string => `site:${language}`;

/** What the pages show of it. It is saved after each round, so that a page costs one read. */
export const shownState = (state: SiteState) => ({
  today: state.today,
  probedAt: state.probedAt ?? null,
  equipment: state.equipment.lines,
  topology: { nodes: state.topology.nodes, edges: state.topology.edges, frames: state.topology.frames },
  topologySvg: state.topologySvg,
  upright: state.upright,
  findings: state.findings,
  selfChecks: state.selfChecks,
  workspace: state.workspace,
  duties: state.duties,
  filing: {
    filedOn: state.filedOn ?? null,
    differences: state.differences,
    oldest: state.differences.map(({ since }) => since).sort()[0] ?? null,
    fileBy: state.differences.flatMap(({ fileBy }) => (fileBy === '' ? [] : [fileBy])).sort()[0] ?? null,
  },
  openPoints: state.openPoints,
  probes: state.probes.map(({ raw: _, ...row }) => row),
});

/** Remembers the first day of each difference, and forgets those that are gone. */
export async function watchFiling(state: SiteState, filings: FilingStore): Promise<void> {
  if (state.filedOn === undefined) return;
  await filings.rememberSeen(Object.fromEntries(state.differences.map(({ subject, since }) => [subject, since])));
}

export type { StateStore };
