import type { Say } from '../shared/domain/language.js';
import type { EquipmentLine } from '../shared/domain/licence/equipment-list.js';
import { warning, type Finding } from '../shared/domain/licence/finding.js';
import { textOf, type LicenceRow } from '../shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';
import { cite } from '../shared/domain/licence/rules/rule-book.js';

/**
 * Whether a probe that could have seen the declared device gave no answer: the one of that name, for a device of several, or any that reads
 * its kind.
 */
export function isUnanswered(row: LicenceRow, unanswered: readonly ProbeRow[]): boolean {
  const probed = textOf(row, 'probed');
  const [kind = ''] = probed.split(':');
  const readers = readersOf[kind];
  return unanswered.some(({ probe }) =>
    readers !== undefined ? readers.includes(probe) : probe === probed || (probed === kind && probe.split(':')[0] === kind),
  );
}
/** The probes that read the kinds that have other names. */
const readersOf: Readonly<Record<string, readonly string[]>> = {
  host: ['host', 'machines'],
  process: ['processes', 'machines'],
  seat: ['seats'],
  'sip-server': ['sip-server'],
  'document-store': ['document-store'],
  'object-store': ['object-store'],
  'live-state': ['live-state'],
  certificate: ['certificate'],
};

/** What is declared as seen by a probe and was not seen: the probe saw nothing, or it gave no answer, which says nothing of the device. */
export const unseenEquipment = (lines: readonly Omit<EquipmentLine, 'node'>[], say: Say): Finding[] =>
  lines.flatMap(({ standing, name, asset }) => {
    const found = (code: 'equipment-silent' | 'equipment-unanswered', zh: string, en: string): Finding[] => [
      warning(
        code,
        asset,
        say(`登记的设备“${name}”（${asset}）应由探针核实，但${zh}。`, `"${name}" (${asset}) is declared as seen by a probe, and ${en}.`),
        cite('equipment-and-use', say),
      ),
    ];
    if (standing === 'declared-silent') return found('equipment-silent', '没有看到', 'none saw it');
    if (standing === 'declared-unanswered')
      return found(
        'equipment-unanswered',
        '本次探针未答复（超时或出错），不能据此认定设备不在',
        'the probe gave no answer (out of time, or failed), which does not say that the device is gone',
      );
    return [];
  });
