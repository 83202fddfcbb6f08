import { Alert, Button, DatePicker, Descriptions, Input, Space, Table } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sidesOf } from '../../../../services/shared/domain/calls/call-sides.js';
import { callerName } from '../../components/names/caller-name.js';
import { CallPlayer } from '../../components/sound/call-player.js';
import { CauseTag } from '../../components/names/cause-tag.js';
import { clockText, timeText } from '../../components/time/times.js';
import { Loaded, Page } from '../../components/page.js';
import { siteNow } from '../../components/time/site-days.js';
import { useChange, useFailureWords } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { ProofCallPanel } from '../administer/system/proof-call-panel.js';
import { WaitReasons } from '../supervise/wait-reasons.js';
import { SeedPanel } from './seed-panel.js';
import { useEvidence } from './use-evidence.js';
import type { AnswerOf } from '../../session/api.js';

type Found = AnswerOf<'GET /evidence/inspector/find'>['calls'][number];

interface Complaint {
  readonly _id: string;
  readonly number?: string;
  readonly state?: string;
  readonly answers?: readonly { readonly at?: string; readonly text?: string }[];
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
    readonly direction?: 'inbound' | 'outbound';
    readonly queueId?: string;
    readonly queuedAt?: string;
    readonly agentAnsweredAt?: string;
    readonly noticeStartedAt?: string;
    readonly ledgerNumber?: number;
  };
  readonly recording: { readonly sha256?: string; readonly durationMs?: number; readonly keepUntil?: string } | null;
  readonly survey: { readonly answer?: { readonly score?: number | null } | null } | null;
  readonly complaints: readonly Complaint[];
}

/** A call's stored fields are sent as they are; the contract does not name them, and the page shows these. */
const shownOf = (call: AnswerOf<'POST /evidence/inspector/draw'>['call']): ShownCall | null =>
  (call as unknown as ShownCall | null | undefined) ?? null;

/** The inspector's last question, and its result. */
function useInspection() {
  const { session } = useApp();
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [shown, setShown] = useState<ShownCall | null>(null);
  const [drawn, setDrawn] = useState<{ seed: string; drawnFrom: number } | null>(null);
  const [watermark, setWatermark] = useState('');
  const draw = useChange<'POST /evidence/inspector/draw'>('inspector', (answer) => {
    setDrawn(answer);
    setFound(null);
    setShown(shownOf(answer.call));
    setWatermark(answer.watermark);
  });

  const wordsOf = useFailureWords();
  const [failure, setFailure] = useState<string | null>(null);
  const tell = (work: Promise<void>): void => {
    setFailure(null);
    work.catch((error: unknown) => setFailure(wordsOf(error)));
  };

  async function find(number: string, day: Dayjs): Promise<void> {
    const query = new URLSearchParams({ number: number.replace(/\s/g, ''), date: day.format('YYYY-MM-DD') });
    const answer = await session.api.get('/evidence/inspector/find', { query });
    setFound(answer.calls);
    setShown(null);
    setDrawn(null);
    setWatermark(answer.watermark);
  }

  async function open(callId: string): Promise<void> {
    const answer = await session.api.get('/evidence/inspector/calls/:callId', { params: { callId } });
    setShown(shownOf(answer));
    setWatermark(answer.watermark);
  }

  return {
    found,
    shown,
    drawn,
    watermark,
    failure,
    draw,
    find: (number: string, day: Dayjs) => tell(find(number, day)),
    open: (callId: string) => tell(open(callId)),
  };
}

/** One field, one date, one button: each answer fits one screen, and every look is recorded. */
export default function InspectorPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [number, setNumber] = useState('');
  const [day, setDay] = useState<Dayjs>(siteNow);
  const [seed, setSeed] = useState('');
  const { found, shown, drawn, watermark, failure, draw, find, open } = useInspection();

  return (
    <Page title={t('compliance.inspector.title')} testId="inspector-page">
      <div className="stack inspector" data-watermark={watermark}>
        <Space wrap size="middle">
          <Input
            size="large"
            className="wide-field"
            value={number}
            inputMode="tel"
            placeholder={t('compliance.inspector.number')}
            aria-label={t('compliance.inspector.number')}
            onChange={({ target }) => setNumber(target.value)}
            onPressEnter={() => find(number, day)}
            data-testid="inspector-number"
          />
          <DatePicker
            size="large"
            allowClear={false}
            value={day}
            onChange={(next) => setDay(next ?? siteNow())}
            aria-label={t('compliance.inspector.day')}
          />
          <Button size="large" type="primary" disabled={!/^(\d{4}|\+?\d{7,20})$/.test(number.trim())} onClick={() => find(number, day)}>
            {t('compliance.inspector.find')}
          </Button>
          <Button
            size="large"
            loading={draw.isPending}
            onClick={() =>
              draw.mutate({
                route: 'POST /evidence/inspector/draw',
                body: {
                  from: day.startOf('month').format('YYYY-MM-DD'),
                  to: day.endOf('month').format('YYYY-MM-DD'),
                  ...(seed.trim() === '' ? {} : { seed: seed.trim() }),
                },
              })
            }
            data-testid="draw"
          >
            {t('compliance.inspector.draw')}
          </Button>
          <Input
            size="large"
            value={seed}
            maxLength={64}
            placeholder={t('compliance.inspector.ownSeed')}
            aria-label={t('compliance.inspector.ownSeed')}
            onChange={({ target }) => setSeed(target.value)}
          />
        </Space>
        {drawn !== null && (
          <p data-testid="seed">
            {drawn.drawnFrom === 0
              ? t('compliance.inspector.nothingToDraw')
              : t('compliance.inspector.seed', { seed: drawn.seed, count: drawn.drawnFrom })}
          </p>
        )}
        {failure !== null && <Alert type="error" showIcon title={failure} />}
        {found !== null && <FoundCalls found={found} onOpen={open} />}
        {shown !== null && <ShownBody key={shown.call._id} shown={shown} />}
        {watermark !== '' && <p className="soft">{t('compliance.inspector.watermark', { text: watermark })}</p>}
        {watermark !== '' && <Watermark text={watermark} />}
        <SeedPanel />
        {may('evidence.proof-call') && <ProofCallPanel />}
        <Demonstration />
      </div>
    </Page>
  );
}

function FoundCalls({ found, onOpen }: { readonly found: readonly Found[]; readonly onOpen: (callId: string) => void }): ReactNode {
  const { t } = useTranslation();
  if (found.length === 0) return <p className="soft">{t('compliance.inspector.notFound')}</p>;
  return (
    <section className="panel">
      <ul className="plain">
        {found.map((call) => (
          <li key={call.callId} className="row">
            <Button type="link" onClick={() => onOpen(call.callId)}>
              {timeText(call.at)}
            </Button>
            <span className="figures">
              {callerName(sidesOf(call).caller, t)} → {sidesOf(call).called}
            </span>
            <CauseTag cause={call.cause} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What an inspector asks about a call, on one screen: times, reasons, the recording with the verdict of its hash, score, complaint and answer. */
function ShownBody({ shown: { call, recording, survey, complaints } }: { readonly shown: ShownCall }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const hears = may('recordings.play');
  const [hash, setHash] = useState<'checking' | 'equal' | 'not'>('checking');
  return (
    <>
      <section className="panel stack" data-testid="inspected-call">
        <Descriptions
          column={{ xs: 1, md: 3 }}
          items={[
            { key: 'at', label: t('calls.arrived'), children: timeText(call.invitedAt) },
            { key: 'caller', label: t('calls.caller'), children: callerName(sidesOf(call).caller, t) },
            { key: 'called', label: t('calls.called'), children: sidesOf(call).called },
            { key: 'notice', label: t('compliance.inspector.notice'), children: timeText(call.noticeStartedAt) || '–' },
            { key: 'queued', label: t('compliance.inspector.queued'), children: timeText(call.queuedAt) || '–' },
            { key: 'answered', label: t('compliance.inspector.answered'), children: timeText(call.agentAnsweredAt) || '–' },
            { key: 'cause', label: t('calls.cause'), children: <CauseTag cause={call.cause} /> },
            { key: 'ledger', label: t('compliance.inspector.ledger'), children: call.ledgerNumber ?? '–' },
            { key: 'score', label: t('supervise.score.title'), children: survey?.answer?.score ?? '–' },
            {
              key: 'length',
              label: t('calls.recording'),
              children: recording?.durationMs === undefined ? '–' : clockText(recording.durationMs),
            },
            { key: 'keep', label: t('compliance.inspector.keepUntil'), children: timeText(recording?.keepUntil).slice(0, 10) || '–' },
          ]}
        />
        {recording === null ? (
          <p className="soft">{t('calls.noRecording')}</p>
        ) : (
          hears && <CallPlayer callId={call._id} onRead={(ok) => setHash(ok ? 'equal' : 'not')} />
        )}
        {!hears && <p className="soft">{t('compliance.inspector.notHeard')}</p>}
        {recording?.sha256 !== undefined && (
          <p data-testid="hash-verdict" data-verdict={hash} className="hash">
            {hears && (
              <strong className={hash === 'not' ? 'bad' : hash === 'equal' ? 'good' : 'soft'}>
                {t(`compliance.inspector.hash.${hash}`)}
              </strong>
            )}{' '}
            <code className="soft">SHA-256 {recording.sha256}</code>
          </p>
        )}
      </section>
      {call.queuedAt !== undefined && may('calls.read') && <WaitReasons callId={call._id} />}
      <section className="panel" data-testid="inspected-complaints">
        <h2>{t('complaints.title')}</h2>
        {complaints.length === 0 && <p className="soft">{t('compliance.inspector.noComplaint')}</p>}
        <ul className="plain">
          {complaints.map(({ _id, number, state, answers = [] }) => (
            <li key={_id}>
              <strong>{number}</strong> {t(`complaints.states.${state ?? ''}`, { defaultValue: state ?? '' })}
              {answers.map(({ at, text }) => (
                <p key={at}>
                  <span className="figures soft">{timeText(at)}</span> {text}
                </p>
              ))}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** Who looked and when, drawn over everything that is shown, so that a photo of the screen tells it. */
function Watermark({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="watermark" aria-hidden="true" data-testid="watermark">
      {Array.from({ length: 12 }, (_, i) => (
        <span key={i}>{text}</span>
      ))}
    </div>
  );
}

/** The steps of the live demonstration, with what must be seen at each. */
function Demonstration(): ReactNode {
  const { t } = useTranslation();
  const steps = useEvidence('demonstration');
  return (
    <section className="panel" data-testid="demonstration">
      <h2>{t('compliance.inspector.demonstration')}</h2>
      <Loaded query={steps}>
        {(read) => (
          <Table
            rowKey="act"
            size="small"
            pagination={false}
            dataSource={[...read.steps]}
            columns={[
              { title: t('compliance.inspector.step'), render: (_value, _row, i) => i + 1, width: 60 },
              { title: t('compliance.inspector.act'), dataIndex: 'act' },
              { title: t('compliance.inspector.see'), dataIndex: 'see' },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
