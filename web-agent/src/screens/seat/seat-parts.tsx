import { PauseCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { later } from '../../components/later.js';

/** The parts beside the call load right after those that ring and answer; one fetch brings all of them. */
const parts = () => import('./call/beside-the-call.js');

/** Holds the place of a button until what it opens is loaded. */
function Held({ word, hint }: { readonly word: string; readonly hint?: string }) {
  const { t } = useTranslation();
  return (
    <Button disabled icon={hint === undefined ? undefined : <PauseCircleOutlined />}>
      {t(word)} {hint !== undefined && <kbd>{hint}</kbd>}
    </Button>
  );
}

// Parts that do not belong to the ring are not drawn again because of it.
export const Writing = memo(later(async () => (await parts()).WritePanel));
export const State = memo(later(async () => (await parts()).MyState));
export const Callbacks = memo(later(async () => (await parts()).BetweenCalls));
export const CallTabs = later(async () => (await parts()).CallTabs);
export const DialForm = later(async () => (await parts()).DialForm);
export const Keypad = later(async () => (await parts()).Keypad);
export const PersonMenu = later(async () => (await parts()).PersonMenu);
export const ShortcutsList = later(async () => (await parts()).ShortcutsList);
export const DeclineMenu = later(
  async () => (await parts()).DeclineMenu,
  () => <Held word="seat.decline" />,
);
export const PauseMenu = later(
  async () => (await parts()).PauseMenu,
  () => <Held word="seat.pauseRecording" hint="P" />,
);
