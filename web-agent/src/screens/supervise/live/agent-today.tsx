import { Tag, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { figureRegistry, figureWithUnit, shownFigure } from '../../../../../services/shared/domain/figures/registry.js';
import { clockText } from '../../../components/time/times.js';
import { useBoard } from '../../../session/use-server.js';
import { todayFigures, type AgentToday, type TodayFigure } from './agents-order.js';

/** Answered, handle time and occupancy since midnight at the site; each shows its formula. */
export function TodayCells({ today }: { readonly today: AgentToday | undefined }): ReactNode {
  const { i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return todayFigures.map((key) => (
    <td key={key} className="number figures" data-testid={`today-${key}`} data-label={figureRegistry[key].name[language]}>
      <Tooltip title={figureRegistry[key].text[language]}>{shown(key, today?.[key] ?? null)}</Tooltip>
    </td>
  ));
}

/** A duration is shown as a clock, like the other times of the row. */
const shown = (key: TodayFigure, value: number | null): string =>
  key === 'aht' && value !== null ? clockText(value * 1_000) : shownFigure(key, { value });

/** The figures of this agent that are beyond a threshold. */
export function AgentMarks({ agentId }: { readonly agentId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const marks = useBoard('board:thresholds').value ?? [];
  const passed = marks.filter(({ scope, level }) => scope.of === 'agent' && scope.id === agentId && level !== 'ok');
  return passed.map(({ thresholdId, figure, level, value }) => (
    <div key={thresholdId}>
      <Tag color={level === 'alarm' ? 'red' : 'gold'} data-testid="agent-mark" data-level={level}>
        {t(`thresholds.level.${level}`)} {figureRegistry[figure].name[language]} {figureWithUnit(figure, { value }, language)}
      </Tag>
    </div>
  ));
}
