import { Button, DatePicker, Dropdown } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { LOW_SCORE } from '../../../../services/shared/domain/survey-score.js';
import { Chart } from '../../components/chart.js';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useExport } from '../../components/use-export.js';
import { daysFrom, siteNow } from '../../components/time/site-days.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import { CallBackTasks } from './call-back-tasks.js';
import { Distribution, FigureTable, percent } from './satisfaction-figures.js';
import { SurveyRows, type RowWish } from './survey-rows.js';
import type { AnswerOf } from '../../session/api.js';

type SatisfactionFigures = AnswerOf<'GET /satisfaction/figures'>;

const days = 30;

/** The score is never shown without its response rate. */
export default function SatisfactionPage(): ReactNode {
  const { t } = useTranslation();
  const [range, setRange] = useState<readonly [Dayjs, Dayjs]>(() => [siteNow().subtract(days, 'day'), siteNow()]);
  const query = new URLSearchParams(daysFrom(...range)).toString();
  const figures = useRead('/satisfaction/figures', { query: new URLSearchParams(query) });
  const worst = useRead('/satisfaction/worst', { query: new URLSearchParams(query) });
  useRefreshOn('satisfaction', ['survey.']);
  const may = useMay();
  const { session } = useApp();
  const save = useExport();
  const [wish, setWish] = useState<RowWish | null>(null);
  return (
    <Page
      title={t('supervise.satisfaction.title')}
      testId="satisfaction-page"
      actions={
        <>
          {may('complaints.work') && (
            <Dropdown
              autoFocus
              trigger={['click']}
              menu={{
                items: [
                  { key: 'csv', label: t('supervise.satisfaction.exportCsv') },
                  { key: 'xlsx', label: t('supervise.satisfaction.exportXlsx') },
                ],
                onClick: ({ key }) => {
                  const form = key === 'xlsx' ? 'xlsx' : 'csv';
                  save(session.api.file(`/satisfaction/export.${form}`, { query: new URLSearchParams(query) }), `satisfaction.${form}`);
                },
              }}
            >
              <Button data-testid="export-satisfaction">{t('supervise.satisfaction.export')}</Button>
            </Dropdown>
          )}
          <DatePicker.RangePicker
            allowClear={false}
            value={[range[0], range[1]]}
            onChange={(next) => {
              const [from, to] = (next ?? []) as readonly (Dayjs | null)[];
              if (from !== null && from !== undefined && to !== null && to !== undefined) setRange([from, to]);
            }}
          />
        </>
      }
    >
      <div className="stack">
        <Loaded query={figures} isEmpty={({ all }) => all.invited === 0} empty={t('supervise.satisfaction.empty')}>
          {(value) => <FiguresBody value={value} onOpen={setWish} />}
        </Loaded>
        <section className="panel">
          <h2>{t('supervise.satisfaction.worst')}</h2>
          <Loaded query={worst} isEmpty={({ calls }) => calls.length === 0} empty={t('supervise.satisfaction.noWorst')}>
            {({ calls }) => (
              <ul className="plain">
                {calls.map(({ invitation, answer }) => (
                  <li key={invitation.callId} className="row">
                    <Link to={`/calls/${invitation.callId}`} className="figures">
                      {timeText(invitation.at)}
                    </Link>
                    <span className={answer.score !== null && answer.score <= LOW_SCORE ? 'bad' : ''}>
                      {t('supervise.satisfaction.score', { score: answer.score ?? '–' })}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </section>
        <CallBackTasks />
      </div>
      {wish !== null && <SurveyRows time={query} wish={wish} onClose={() => setWish(null)} />}
    </Page>
  );
}

function FiguresBody({ value, onOpen }: { readonly value: SatisfactionFigures; readonly onOpen: (wish: RowWish) => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const { all } = value;
  const trend = Object.entries(value.byDay).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <>
      <section className="panel row figures-row">
        <Large label={t('supervise.satisfaction.mean')} value={all.mean === null ? '–' : all.mean.toFixed(2)} testId="mean" />
        <Large label={t('supervise.satisfaction.rate')} value={percent(all.responseRate)} />
        <Large label={t('supervise.satisfaction.invited')} value={String(all.invited)} testId="invited" onOpen={() => onOpen({})} />
        <Large
          label={t('supervise.satisfaction.answered')}
          value={String(all.answered)}
          testId="answered"
          onOpen={() => onOpen({ answered: 'yes' })}
        />
        <Large label={t('supervise.satisfaction.solved')} value={`${all.solved} / ${all.solved + all.notSolved}`} />
      </section>
      <div className="two">
        <section className="panel">
          <h2>{t('supervise.satisfaction.distribution')}</h2>
          <Distribution figures={all} onOpen={(score) => onOpen({ score })} />
        </section>
        <section className="panel">
          <h2>{t('supervise.satisfaction.trend')}</h2>
          <Chart
            label={t('supervise.satisfaction.trend')}
            option={{
              xAxis: { type: 'category', data: trend.map(([day]) => day.slice(5)) },
              yAxis: { type: 'value', min: 1, max: 5 },
              series: [
                { type: 'line', data: trend.map(([, { mean }]) => (mean === null ? null : Number(mean.toFixed(2)))), connectNulls: false },
              ],
            }}
          />
        </section>
      </div>
      <div className="two">
        <FigureTable
          title={t('supervise.satisfaction.byQueue')}
          rows={value.byQueue}
          nameOf={queueName}
          onOpen={(queueId) => onOpen({ queueId })}
        />
        <FigureTable
          title={t('supervise.satisfaction.byAgent')}
          rows={value.byAgent}
          nameOf={(id) => names.get(id) ?? id}
          onOpen={(agentId) => onOpen({ agentId })}
        />
      </div>
      <div className="two">
        <FigureTable
          title={t('supervise.satisfaction.byHour')}
          rows={value.byHour}
          nameOf={(hour) => `${hour}:00`}
          onOpen={(hour) => onOpen({ hour })}
        />
        <section className="panel" data-testid="not-invited">
          <h2>{t('supervise.satisfaction.notInvited')}</h2>
          <p className="soft">{t('supervise.satisfaction.notInvitedHint')}</p>
          <ul className="plain">
            {Object.entries(value.notInvited).map(([reason, count]) => (
              <li key={reason} className="row">
                <span>{t(`supervise.satisfaction.reasons.${reason}`)}</span>
                <span className="figures">{count}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function Large({
  label,
  value,
  testId,
  onOpen,
}: {
  readonly label: string;
  readonly value: string;
  readonly testId?: string;
  readonly onOpen?: () => void;
}): ReactNode {
  const figure = (
    <span className="big-figure figures" data-testid={testId}>
      {value}
    </span>
  );
  return (
    <div className="wall-figure">
      {onOpen === undefined ? (
        figure
      ) : (
        <button type="button" className="plain-button" onClick={onOpen} aria-label={`${label} ${value}`}>
          {figure}
        </button>
      )}
      <span className="soft">{label}</span>
    </div>
  );
}
