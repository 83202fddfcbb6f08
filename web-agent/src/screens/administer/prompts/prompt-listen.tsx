import { Button } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../../session/use-workplace.js';

export interface PromptName {
  readonly language: 'zh-CN' | 'en';
  readonly promptId: string;
}

/** Plays the audio at `path` of the API, and stops it when pressed again. */
export function PromptListen({ language, promptId }: PromptName): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [playing, setPlaying] = useState(false);
  const sound = useRef<HTMLAudioElement | null>(null);
  useEffect(() => () => sound.current?.pause(), []);

  async function listen(): Promise<void> {
    if (sound.current !== null) {
      sound.current.pause();
      sound.current = null;
      setPlaying(false);
      return;
    }
    const url = URL.createObjectURL(await session.api.file('/prompts/:language/:promptId/audio', { params: { language, promptId } }));
    const element = new Audio(url);
    sound.current = element;
    setPlaying(true);
    element.addEventListener('ended', () => {
      URL.revokeObjectURL(url);
      sound.current = null;
      setPlaying(false);
    });
    await element.play();
  }

  return (
    <Button size="small" type={playing ? 'primary' : 'default'} onClick={() => void listen().catch(() => setPlaying(false))}>
      {t('library.prompts.listen')}
    </Button>
  );
}
