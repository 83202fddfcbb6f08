import { Badge, Button } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { playAlarmSound } from '../devices/alarm-sound.js';
import type { ringSound } from '../devices/ring-sound.js';
import { useRead, useRefreshOn } from '../session/use-server.js';
import { useMay } from '../session/use-workplace.js';
import { ChatBell } from './chat-bell.js';
import { HelpWatch } from './help-watch.js';

/** Several facts of one moment are read once; the page should have it within two seconds. */
const READ_AFTER_MS = 150;
/** How often to read again, in case a fact is lost on the way. */
const READ_AGAIN_MS = 30_000;

/**
 * The count of alarms that nobody has seen, with a sound for a new one, and the agents who ask for help; loaded only for people who get
 * alarms.
 */
export default function Bell({
  icon,
  soundOf,
}: {
  readonly icon: ReactNode;
  /** Passed in by the shell, which loads it for the ring anyway: imported here, it would be a file of its own for the first page. */
  readonly soundOf: typeof ringSound;
}): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const may = useMay();
  useRefreshOn('alarms', ['notice.changed'], READ_AFTER_MS);
  const summary = useRead('/alarms/summary', { everyMs: READ_AGAIN_MS }).data;
  const { open = 0, newest } = summary ?? {};
  useSoundOf(summary !== undefined, newest?.level === 'alarm' || newest?.level === 'critical' ? newest.id : undefined, soundOf);
  return (
    <>
      <Button
        type="text"
        aria-label={t('shell.bell', { count: open })}
        title={t('shell.bell', { count: open })}
        icon={
          <Badge count={open} size="small" overflowCount={99}>
            {icon}
          </Badge>
        }
        onClick={() => void go('/alarms')}
        style={{ minWidth: 26 }}
        data-testid="alarm-bell"
        data-open={open}
      />
      {may('chat.supervise') && <ChatBell />}
      {may('help.answer') && <HelpWatch soundOf={soundOf} />}
    </>
  );
}

/** Sounds once for an alarm that came while the page was open, not for one that was there before. */
function useSoundOf(isRead: boolean, alarmId: string | undefined, soundOf: typeof ringSound): void {
  const last = useRef<{ readonly id: string | undefined }>(undefined);
  useEffect(() => {
    if (!isRead) return;
    const before = last.current;
    last.current = { id: alarmId };
    if (before !== undefined && alarmId !== undefined && before.id !== alarmId) void playAlarmSound(soundOf);
  }, [isRead, alarmId, soundOf]);
}
