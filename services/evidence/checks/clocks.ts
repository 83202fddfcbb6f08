import type { Say } from '../../shared/domain/language.js';
import { breach, warning, type Finding } from '../../shared/domain/licence/finding.js';
import { cite } from '../../shared/domain/licence/rules/rule-book.js';
import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';

const isTimeSource = ({ subject }: ProbeRow): boolean => subject.startsWith('clock:ntp:') || subject === 'clock:time-service';

/**
 * The clocks that differ by more than the site allows (item 56), and whether there is any source of true time. Half of the round trip is
 * tolerated, because the offset is not known more exactly. Pure.
 */
export function checkClocks(probes: readonly ProbeRow[], { limitMs, say }: { readonly limitMs: number; readonly say: Say }): Finding[] {
  const clocks = probes.filter(({ kind, outcome }) => kind === 'clock' && outcome === 'answered');
  const drifted = clocks.flatMap((row): Finding[] => {
    const offsetMs = Number(row.facts['offsetMs'] ?? 0);
    if (Math.abs(offsetMs) <= limitMs + Number(row.facts['roundTripMs'] ?? 0) / 2) return [];
    const off = Math.round(Math.abs(offsetMs)).toLocaleString('en');
    const zh = offsetMs > 0 ? '快' : '慢';
    const en = offsetMs > 0 ? 'ahead of' : 'behind';
    return [
      breach(
        'clock-drift',
        row.subject,
        say(
          `时钟 ${row.subject} 比本机${zh} ${off} 毫秒，超过允许的 ${limitMs} 毫秒。`,
          `The clock ${row.subject} is ${off} ms ${en} this machine's; ${limitMs} ms are allowed.`,
        ),
        cite('grade-clocks', say),
      ),
    ];
  });
  const known = clocks.some((row) => isTimeSource(row) && row.facts['synchronised'] !== false);
  return known
    ? drifted
    : [
        ...drifted,
        warning(
          'clock-unwatched',
          'clock',
          say(
            '没有可用的授时来源：请运行 chrony 或 systemd-timesyncd，或设置 NTP_SERVERS。',
            'No trusted clock is available: run chrony or systemd-timesyncd, or set NTP_SERVERS.',
          ),
          cite('grade-clocks', say),
        ),
      ];
}
