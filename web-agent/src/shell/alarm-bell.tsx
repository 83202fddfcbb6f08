import { BellOutlined } from '@ant-design/icons';
import { Badge, Button } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { playAlarmSound } from '../devices/alarm-sound.js';
import { useRead, useRefreshOn } from '../session/use-server.js';
import { useMay } from '../session/use-workplace.js';

/** Several facts of one moment are read once; the page is to have it within two seconds. */
const READ_AFTER_MS = 150;
/** Should a fact be lost on the way. */
const READ_AGAIN_MS = 30_000;

/** How many alarms nobody has seen, on every page of whoever gets alarms. */
export function AlarmBell(): ReactNode {
  return useMay()('alarms.use') ? <Bell /> : null;
}

function Bell(): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  useRefreshOn('alarms', ['notice.changed'], READ_AFTER_MS);
  const summary = useRead('/alarms/summary', { everyMs: READ_AGAIN_MS }).data;
  const { open = 0, newest } = summary ?? {};
  useSoundOf(summary !== undefined, newest?.level === 'alarm' || newest?.level === 'critical' ? newest.id : undefined);
  return (
    <Button
      type="text"
      aria-label={t('shell.bell', { count: open })}
      title={t('shell.bell', { count: open })}
      icon={
        <Badge count={open} size="small" overflowCount={99}>
          <BellOutlined />
        </Badge>
      }
      onClick={() => void go('/alarms')}
      data-testid="alarm-bell"
      data-open={open}
    />
  );
}

/** Sounds once for an alarm that came while the page was open, not for one that stood there before. */
function useSoundOf(isRead: boolean, alarmId: string | undefined): void {
  const last = useRef<{ readonly id: string | undefined }>(undefined);
  useEffect(() => {
    if (!isRead) return;
    const before = last.current;
    last.current = { id: alarmId };
    if (before !== undefined && alarmId !== undefined && before.id !== alarmId) void playAlarmSound();
  }, [isRead, alarmId]);
}
