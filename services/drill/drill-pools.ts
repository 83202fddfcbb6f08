import { addDays, type CalendarDate } from '../shared/domain/time/calendar-date.js';
import type { EquipmentLine } from '../shared/domain/licence/equipment-list.js';
import { listOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../shared/domain/licence/licence-file.js';
import type { DrillGap, DrillPool, DrillTopic } from './drill.js';

const YEAR_DAYS = 365;

type Drawn = NonNullable<Awaited<ReturnType<DrillPool['at']>>>;

/** Rows in the order of their keys, whatever order a page shows. */
function poolOf<T>(rows: readonly T[], keyOf: (row: T) => string, drawn: (row: T) => Drawn): DrillPool {
  const sorted = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    count: sorted.length,
    at: async (place) => {
      const row = sorted[place];
      return row === undefined ? undefined : drawn(row);
    },
  };
}

const named = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
const gapsOf = (...gaps: readonly (readonly [DrillGap, boolean])[]): DrillGap[] => gaps.flatMap(([gap, holds]) => (holds ? [gap] : []));

/** What can be drawn from the registers, and what is missing from each item as of today. Pure. */
export function registerPools(
  file: LicenceFile,
  equipment: readonly Pick<EquipmentLine, 'node' | 'name' | 'asset' | 'place' | 'standing'>[],
  today: CalendarDate,
): Readonly<Record<Exclude<DrillTopic, 'call' | 'consent'>, DrillPool>> {
  const sites = new Set(rowsOf(file, 'sites').map(({ key }) => key));
  const declared = new Set(rowsOf(file, 'equipment').map(({ key }) => key));
  const aYearAgo = addDays(today, -YEAR_DAYS);
  const trained = new Set(
    rowsOf(file, 'trainings')
      .filter((row) => textOf(row, 'subject') === 'anti-fraud' && textOf(row, 'on') >= aYearAgo && textOf(row, 'on') <= today)
      .flatMap((row) => listOf(row, 'attendees')),
  );
  const keyOf = ({ key }: LicenceRow): string => key;
  const atWork = (row: LicenceRow): boolean => textOf(row, 'leftOn') === '' || textOf(row, 'leftOn') > today;
  const inUse = (row: LicenceRow): boolean => textOf(row, 'usedUntil') === '' || textOf(row, 'usedUntil') >= today;
  return {
    seat: poolOf(rowsOf(file, 'seats').filter(inUse), keyOf, (row) => ({
      subject: row.key,
      label: named(row.key, textOf(row, 'siteId'), textOf(row, 'agentAccount')),
      gaps: gapsOf(
        ['no-site', !sites.has(textOf(row, 'siteId'))],
        ['no-account', textOf(row, 'agentAccount') === ''],
        ['no-terminal', textOf(row, 'terminalAsset') === ''],
      ),
    })),
    staff: poolOf(rowsOf(file, 'staff').filter(atWork), keyOf, (row) => ({
      subject: row.key,
      label: named(row.key, textOf(row, 'name')),
      gaps: gapsOf(
        ['contract-over', textOf(row, 'contractUntil') !== '' && textOf(row, 'contractUntil') < today],
        ['no-confidentiality', textOf(row, 'confidentialityOn') === ''],
        ['no-anti-fraud', !trained.has(row.key)],
      ),
    })),
    device: poolOf(
      // Parts of the product have no label that an inspector could check.
      equipment.filter(({ asset }) => declared.has(asset)),
      ({ asset }) => asset,
      ({ asset, name, place, standing }) => ({
        subject: asset,
        label: named(asset, name, place),
        gaps: gapsOf(['not-seen', standing === 'declared-silent' || standing === 'declared-unanswered']),
      }),
    ),
    rule: poolOf(rowsOf(file, 'rules'), keyOf, (row) => ({
      subject: row.key,
      label: named(row.key, textOf(row, 'title'), textOf(row, 'version')),
      gaps: gapsOf(
        ['no-file', (row.files ?? []).length === 0],
        ['review-overdue', (textOf(row, 'reviewedOn') || textOf(row, 'approvedOn')) < aYearAgo],
      ),
    })),
  };
}
