import { BellOutlined } from '@ant-design/icons';
import { lazy, Suspense, type ReactNode } from 'react';
import { ringSound } from '../devices/ring-sound.js';
import { loadPageWords } from '../i18n/language.js';
import { useMay } from '../session/use-workplace.js';

const Bell = lazy(async () => (await Promise.all([import('./bell.js'), loadPageWords()]))[0]);

/** How many alarms nobody has seen, on every page of people who get alarms. */
export function AlarmBell(): ReactNode {
  return useMay()('alarms.use') ? (
    <Suspense fallback={null}>
      <Bell icon={<BellOutlined />} soundOf={ringSound} />
    </Suspense>
  ) : null;
}
