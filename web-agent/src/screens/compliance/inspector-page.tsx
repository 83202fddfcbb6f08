import { Button, DatePicker, Descriptions, Input, Space } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CallPlayer } from '../../components/call-player.js';
import { CauseTag } from '../../components/cause-tag.js';
import { clockText, timeText } from '../../components/times.js';
import { Page } from '../../components/page.js';
import { useChange } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';

interface Found {
  readonly callId: string;
  readonly at: string;
  readonly callerMasked: string;
  readonly called: string;
  readonly cause: string;
}

interface ShownCall {
  readonly call: {
    readonly _id: string;
    readonly callerMasked?: string;
    readonly called?: string;
    readonly invitedAt?: string;
    readonly endedAt?: string;
    readonly cause?: string;
    readonly agentId?: string;
  };
  readonly recording: { readonly sha256?: string; readonly durationMs?: number; readonly keepUntil?: string } | null;
  readonly survey: { readonly answer?: { readonly score?: number | null } | null } | null;
  readonly complaints: readonly { readonly number?: string; readonly state?: string }[];
}

/** One field, one date, one button: each answer fits one screen, and every look is written down. */
export default function InspectorPage(): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [number, setNumber] = useState('');
  const [day, setDay] = useState<Dayjs>(() => dayjs());
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [shown, setShown] = useState<ShownCall | null>(null);
  const [drawn, setDrawn] = useState<{ seed: string; drawnFrom: number } | null>(null);
  const [watermark, setWatermark] = useState('');
  const draw = useChange<{ seed: string; drawnFrom: number; call: ShownCall | null; watermark: string }>('inspector', (answer) => {
    setDrawn(answer);
    setFound(null);
    setShown(answer.call);
    setWatermark(answer.watermark);
  });

  async function find(): Promise<void> {
    const query = new URLSearchParams({ number: number.replace(/\s/g, ''), date: day.format('YYYY-MM-DD') });
    const answer = await session.request<{ calls: readonly Found[]; watermark: string }>(
      'GET',
      `/evidence/inspector/find?${query.toString()}`,
    );
    setFound(answer.calls);
    setShown(null);
    setDrawn(null);
    setWatermark(answer.watermark);
  }

  async function open(callId: string): Promise<void> {
    const answer = await session.request<ShownCall & { watermark: string }>('GET', `/evidence/inspector/calls/${callId}`);
    setShown(answer);
    setWatermark(answer.watermark);
  }

  return (
    <Page title={t('compliance.inspector.title')} testId="inspector-page">
      <div className="stack inspector" data-watermark={watermark}>
        <Space wrap size="middle">
          <Input
            size="large"
            value={number}
            inputMode="tel"
            placeholder={t('compliance.inspector.number')}
            aria-label={t('compliance.inspector.number')}
            onChange={({ target }) => setNumber(target.value)}
            onPressEnter={() => void find().catch(() => setFound([]))}
            data-testid="inspector-number"
          />
          <DatePicker
            size="large"
            allowClear={false}
            value={day}
            onChange={(next) => setDay(next ?? dayjs())}
            aria-label={t('compliance.inspector.day')}
          />
          <Button
            size="large"
            type="primary"
            disabled={!/^\+?\d{4,20}$/.test(number.trim())}
            onClick={() => void find().catch(() => setFound([]))}
          >
            {t('compliance.inspector.find')}
          </Button>
          <Button
            size="large"
            loading={draw.isPending}
            onClick={() =>
              draw.mutate({
                method: 'POST',
                path: '/evidence/inspector/draw',
                body: { from: day.startOf('month').format('YYYY-MM-DD'), to: day.endOf('month').format('YYYY-MM-DD') },
              })
            }
            data-testid="draw"
          >
            {t('compliance.inspector.draw')}
          </Button>
        </Space>
        {drawn !== null && (
          <p data-testid="seed">
            {drawn.drawnFrom === 0
              ? t('compliance.inspector.nothingToDraw')
              : t('compliance.inspector.seed', { seed: drawn.seed, count: drawn.drawnFrom })}
          </p>
        )}
        {found !== null && found.length === 0 && <p className="soft">{t('compliance.inspector.notFound')}</p>}
        {found !== null && found.length > 0 && (
          <ul className="plain panel">
            {found.map((call) => (
              <li key={call.callId} className="row">
                <Button type="link" onClick={() => void open(call.callId).catch(() => undefined)}>
                  {timeText(call.at)}
                </Button>
                <span className="figures">
                  {call.callerMasked} → {call.called}
                </span>
                <CauseTag cause={call.cause} />
              </li>
            ))}
          </ul>
        )}
        {shown !== null && <ShownBody shown={shown} />}
        {watermark !== '' && <p className="soft">{t('compliance.inspector.watermark', { text: watermark })}</p>}
      </div>
    </Page>
  );
}

function ShownBody({ shown: { call, recording, survey, complaints } }: { readonly shown: ShownCall }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel stack">
      <Descriptions
        column={{ xs: 1, md: 3 }}
        items={[
          { key: 'at', label: t('calls.arrived'), children: timeText(call.invitedAt) },
          { key: 'caller', label: t('calls.caller'), children: call.callerMasked },
          { key: 'called', label: t('calls.called'), children: call.called },
          { key: 'cause', label: t('calls.cause'), children: <CauseTag cause={call.cause} /> },
          { key: 'score', label: t('supervise.score.title'), children: survey?.answer?.score ?? '–' },
          { key: 'complaints', label: t('complaints.title'), children: complaints.map(({ number }) => number).join('、') || '–' },
          {
            key: 'length',
            label: t('calls.recording'),
            children: recording?.durationMs === undefined ? '–' : clockText(recording.durationMs),
          },
          { key: 'keep', label: t('compliance.inspector.keepUntil'), children: timeText(recording?.keepUntil).slice(0, 10) },
        ]}
      />
      {recording === null ? <p className="soft">{t('calls.noRecording')}</p> : <CallPlayer callId={call._id} />}
      {recording?.sha256 !== undefined && (
        <code className="soft">
          {t('calls.hash')} {recording.sha256}
        </code>
      )}
    </section>
  );
}
