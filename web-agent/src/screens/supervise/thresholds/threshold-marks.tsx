import { BellFilled, WarningFilled } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { figureRegistry, figureWithUnit } from '../../../../../services/shared/domain/figures/registry.js';
import { timeText } from '../../../components/time/times.js';
import { useBoard } from '../../../session/use-server.js';
import { useScopeNames } from './scope-name.js';
import './threshold-marks.css';

const weights = { alarm: 2, warn: 1, ok: 0 } as const;

/** The figures that are beyond a threshold, the worst first: shown by icon and word as well as by colour. */
export default function ThresholdMarks(): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const nameOfScope = useScopeNames();
  const marks = useBoard('board:thresholds').value ?? [];
  const passed = marks.filter(({ level }) => level !== 'ok').sort((a, b) => weights[b.level] - weights[a.level]);
  if (marks.length === 0) return null;
  return (
    <section aria-label={t('thresholds.marks')} aria-live="polite" className="threshold-marks" data-testid="threshold-marks">
      {passed.length === 0 && <span className="soft">{t('thresholds.allOk', { count: marks.length })}</span>}
      {passed.map(({ thresholdId, scope, figure, window, level, value, denominator, since }) => (
        <div key={thresholdId} className="threshold-mark" data-level={level} data-testid={`mark-${thresholdId}`}>
          <span className="threshold-level">
            {level === 'alarm' ? <BellFilled aria-hidden /> : <WarningFilled aria-hidden />} {t(`thresholds.level.${level}`)}
          </span>
          <span>{nameOfScope(scope)}</span>
          <span className="big-figure figures">{figureWithUnit(figure, { value }, language)}</span>
          <span title={figureRegistry[figure].text[language]}>
            {figureRegistry[figure].name[language]} · {t(`thresholds.windows.${window}`)}
            {figureRegistry[figure].unit === 'count' ? '' : ` · ${denominator}`}
          </span>
          {since !== undefined && <span className="figures">{t('thresholds.markSince', { time: timeText(since) })}</span>}
        </div>
      ))}
    </section>
  );
}
