import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BreakReason } from '../../../../services/shared/contracts/queues/queue.js';
import { useRead } from '../../session/use-server.js';
import { useNow } from '../time/elapsed.js';
import { clockText, timeText } from '../time/times.js';

/** The reasons for breaks that the site has set; none while they have not been read. */
export function useBreakReasons(): readonly BreakReason[] {
  return useRead('/routing/breaks').data?.breaks ?? [];
}

/** The name of a reason in the page's language; a reason in no list is free text and is shown as it was written. */
export function useBreakName(): (reason: string) => string {
  const { i18n } = useTranslation();
  const reasons = useBreakReasons();
  return (reason) => {
    const name = reasons.find(({ id }) => id === reason)?.name;
    return name === undefined ? reason : i18n.language === 'en' ? name.en : name['zh-CN'];
  };
}

interface OnBreak {
  readonly reason: string | undefined;
  /** When the limit passes, ISO 8601; absent without a limit. */
  readonly until: string | undefined;
  /** How far the clock that wrote `until` is ahead of this page's, in milliseconds. */
  readonly clockOffsetMs?: number;
  readonly testId: string;
}

/** Why somebody is on a break and until when, or for how long the limit has passed. */
export function BreakNote({ reason, until, clockOffsetMs = 0, testId }: OnBreak): ReactNode {
  const { t } = useTranslation();
  const nameOf = useBreakName();
  const overMs = useNow() + clockOffsetMs - (until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until));
  const isOver = overMs >= 0;
  if (reason === undefined && until === undefined) return null;
  return (
    <span className="soft" data-testid={testId} data-reason={reason} data-over={isOver}>
      {reason === undefined ? '' : nameOf(reason)}{' '}
      {until !== undefined && !isOver && t('breaks.until', { time: timeText(until).slice(11, 16) })}
      {isOver && <Tag color="red">{t('breaks.over', { time: clockText(overMs) })}</Tag>}
    </span>
  );
}
