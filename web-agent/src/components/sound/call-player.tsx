import { CaretRightFilled, PauseOutlined } from '@ant-design/icons';
import { Alert, Button, Checkbox, Segmented, Spin } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import WaveSurfer from 'wavesurfer.js';
import { useApp } from '../../session/use-workplace.js';
import { useFailureWords } from '../../session/use-server.js';
import { useShade } from '../../theme.js';
import { endOfSilence, type LoudnessPeaks } from './silence.js';
import { clockText } from '../time/times.js';

const toUnit = (loudest: number): number => loudest / 255;

const speeds = [1, 1.25, 1.5, 2] as const;
const STEP_S = 5;

interface Played {
  readonly callId: string;
  /** The start position when the page was opened by a link to a point in time. */
  readonly startAtMs?: number | undefined;
  readonly onPosition?: ((atMs: number) => void) | undefined;
  /** Called once: whether the audio loaded. The server sends no audio whose hash differs from the record. */
  readonly onRead?: ((ok: boolean) => void) | undefined;
}

/** The two channels side by side, with the levels that the server measured, if there are any. */
function createWave(
  container: HTMLElement,
  { url, peaks, dark }: { url: string; peaks: (LoudnessPeaks & { durationMs: number }) | null; dark: boolean },
): WaveSurfer {
  return WaveSurfer.create({
    container,
    url,
    ...(peaks === null ? {} : { peaks: [peaks.caller.map(toUnit), peaks.agent.map(toUnit)], duration: peaks.durationMs / 1_000 }),
    height: 56,
    normalize: false,
    barWidth: 2,
    barGap: 1,
    cursorColor: dark ? '#fff' : '#1c2430',
    splitChannels: [
      { waveColor: dark ? '#5b7db1' : '#8fb0e0', progressColor: dark ? '#8ab4f8' : '#1554ad' },
      { waveColor: dark ? '#5f8a52' : '#9ccf86', progressColor: dark ? '#8fd46f' : '#237804' },
    ],
  });
}

/** Loads the audio of a call into `box` and follows its player. */
function useWave({ callId, startAtMs = 0, onPosition, onRead }: Played, skips: boolean) {
  const { t } = useTranslation();
  const { session } = useApp();
  const shade = useShade();
  const wordsOf = useFailureWords();
  const box = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | null>(null);
  const [state, setState] = useState<'reading' | 'ready' | 'playing'>('reading');
  const [failure, setFailure] = useState<string | null>(null);
  const told = useRef(onPosition);
  told.current = onPosition;
  const read = useRef(onRead);
  read.current = onRead;
  const [atS, setAtS] = useState(0);
  const [lengthS, setLengthS] = useState(0);
  const loudness = useRef<LoudnessPeaks | null>(null);
  const skipping = useRef(skips);
  skipping.current = skips;

  useEffect(() => {
    let over = false;
    let url = '';
    setState('reading');
    setFailure(null);
    void (async () => {
      try {
        const [blob, peaks] = await Promise.all([
          session.api.file('/recordings/:callId/audio', { params: { callId } }),
          // Without levels the file is decoded here, which takes longer but shows the same.
          session.api.get('/recordings/:callId/peaks', { params: { callId } }).catch(() => null),
        ]);
        if (over || box.current === null) return;
        read.current?.(true);
        url = URL.createObjectURL(blob);
        loudness.current = peaks;
        const player = createWave(box.current, { url, peaks, dark: shade === 'dark' });
        wave.current = player;
        player.on('ready', (duration) => {
          setLengthS(duration);
          setState('ready');
          if (startAtMs > 0) player.setTime(Math.min(duration, startAtMs / 1_000));
        });
        player.on('timeupdate', (at) => {
          setAtS(at);
          told.current?.(at * 1_000);
          if (!skipping.current || loudness.current === null || !player.isPlaying()) return;
          const goOnAtMs = endOfSilence(loudness.current, at * 1_000);
          if (goOnAtMs !== undefined) player.setTime(goOnAtMs / 1_000);
        });
        player.on('play', () => setState('playing'));
        player.on('pause', () => setState('ready'));
        player.on('error', () => setFailure(t('calls.unreadable')));
      } catch (error) {
        if (over) return;
        setFailure(wordsOf(error));
        read.current?.(false);
      }
    })();
    return () => {
      over = true;
      wave.current?.destroy();
      wave.current = null;
      if (url !== '') URL.revokeObjectURL(url);
    };
  }, [session, callId, shade, startAtMs]);

  return { box, wave, state, failure, atS, lengthS };
}

/** The player of a recording: the caller's channel above, the agent's below. */
export function CallPlayer({
  marks = [],
  ...played
}: Played & { readonly marks?: readonly { readonly atMs: number; readonly text: string }[] }): ReactNode {
  const { t } = useTranslation();
  const [speed, setSpeed] = useState<number>(1);
  const [skips, setSkips] = useState(false);
  const { box, wave, state, failure, atS, lengthS } = useWave(played, skips);
  const seek = (toS: number): void => wave.current?.setTime(Math.min(lengthS, Math.max(0, toS)));

  if (failure !== null) return <Alert type="error" showIcon title={failure} data-testid="player-failed" />;
  return (
    <div className="stack" data-testid="player" data-state={state} data-length={lengthS.toFixed(1)}>
      <div className="row soft">
        <span>{t('calls.callerChannel')}</span>
        <span>{t('calls.agentChannel')}</span>
        {state === 'reading' && <Spin size="small" aria-label={t('calls.loadingAudio')} />}
      </div>
      <div className="wave" ref={box} />
      <div className="row">
        <Button
          type="primary"
          shape="circle"
          disabled={state === 'reading'}
          icon={state === 'playing' ? <PauseOutlined /> : <CaretRightFilled />}
          aria-label={state === 'playing' ? t('calls.pause') : t('calls.play')}
          onClick={() => void wave.current?.playPause()}
          data-testid="play"
        />
        <Button
          size="small"
          disabled={state === 'reading'}
          aria-label={t('calls.back', { seconds: STEP_S })}
          onClick={() => seek(atS - STEP_S)}
        >
          −{STEP_S} s
        </Button>
        <Button
          size="small"
          disabled={state === 'reading'}
          aria-label={t('calls.forward', { seconds: STEP_S })}
          onClick={() => seek(atS + STEP_S)}
        >
          +{STEP_S} s
        </Button>
        <span className="figures" data-testid="play-position">
          {clockText(atS * 1_000)} / {clockText(lengthS * 1_000)}
        </span>
        <Segmented
          size="small"
          aria-label={t('calls.speed')}
          value={speed}
          options={speeds.map((value) => ({ value, label: `${value}×` }))}
          onChange={(value) => {
            setSpeed(value);
            wave.current?.setPlaybackRate(value, true);
          }}
        />
        <Checkbox checked={skips} onChange={({ target }) => setSkips(target.checked)} data-testid="skip-silence">
          {t('calls.skipSilence')}
        </Checkbox>
      </div>
      {marks.length > 0 && (
        <div className="row" role="group" aria-label={t('calls.jumpTo')}>
          {marks.map((mark) => (
            <Button key={`${mark.atMs} ${mark.text}`} size="small" onClick={() => seek(mark.atMs / 1_000)}>
              {clockText(mark.atMs)} {mark.text}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
