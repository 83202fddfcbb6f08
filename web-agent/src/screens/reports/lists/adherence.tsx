import { Alert, Button, Drawer, Space, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdherenceRow } from '../../../../../services/shared/contracts/api/figures/adherence.js';
import { ADHERENCE_TOLERANCE_MS, shiftFigureKeys, shiftFigures } from '../../../../../services/shared/domain/figures/adherence.js';
import { shownValue } from '../../../../../services/shared/domain/figures/define.js';
import { DataTable } from '../../../components/data-table.js';
import { LongName } from '../../../components/names/long-name.js';
import { Loaded } from '../../../components/page.js';
import { siteDay, siteNow } from '../../../components/time/site-days.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { listed } from '../../../i18n/language.js';
import { useRead } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import type { ReportChoice } from '../report-choice.js';
import { ReportPeriod } from '../report-period.js';
import { FileMenu } from './list-export.js';

const PAGE = 50;
const READ_EVERY_MS = 60_000;
const MOST_FAULTS = 20;
const TOLERATED_MINUTES = ADHERENCE_TOLERANCE_MS / 60_000;
const times = [
  'plannedMs',
  'presentMs',
  'pausedMs',
  'workedMs',
  'workedInShiftMs',
  'lateMs',
  'earlyMs',
  'absentMs',
  'unplannedMs',
] as const;
type Gap = AdherenceRow['gaps'][number];

const hour = (at: string): string => siteDay(at).format('HH:mm');
const shownTime = (ms: number): string => (ms === 0 ? '—' : clockText(ms));
type FigureKey = (typeof shiftFigureKeys)[number];
const shownFigure = (key: FigureKey, row: Pick<AdherenceRow, FigureKey>): string => shownValue(shiftFigures[key].unit, row[key].value);

/** How agents kept to the shifts of the register, day by day; the figure opens the shifts and the gaps in them. */
export default function Adherence({
  choice,
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const [page, setPage] = useState(1);
  const [opened, setOpened] = useState<AdherenceRow | null>(null);
  const { from, to } = choice;
  const read = useRead('/figures/adherence', {
    query: { from, to, skip: (page - 1) * PAGE, limit: PAGE },
    ...(to === siteNow().format('YYYY-MM-DD') ? { everyMs: READ_EVERY_MS } : {}),
  });
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return (
    <>
      <p className="soft">{t('reportLists.adherence.text')}</p>
      <Space wrap>
        <ReportPeriod
          choice={choice}
          choose={(changed) => {
            setPage(1);
            choose(changed);
          }}
          mostDays={31}
        />
        <FileMenu
          fileName={`adherence_${from}_${to}`}
          read={(form, language) => session.api.file('/figures/adherence/file', { query: { from, to, form, language } })}
        />
      </Space>
      <section className="panel stack">
        <Loaded query={read} isEmpty={({ total, faults }) => total === 0 && faults.length === 0} empty={t('reportLists.adherence.empty')}>
          {({ rows, total, sums, faults }) => (
            <>
              {faults.length > 0 && (
                <Alert
                  type="warning"
                  showIcon
                  title={t('reportLists.adherence.faults', {
                    count: faults.length,
                    shifts: listed(
                      faults.slice(0, MOST_FAULTS).map(({ shiftId, why }) => `${shiftId} (${t(`reportLists.adherence.why.${why}`)})`),
                      i18n,
                    ),
                  })}
                />
              )}
              <Rows rows={rows} total={total} page={page} setPage={setPage} onOpen={setOpened} />
              <p className="figures" data-testid="adherence-total">
                <strong>
                  {t('reports.total')}:{' '}
                  {shiftFigureKeys.map((key) => `${shiftFigures[key].name[language]} ${shownFigure(key, sums)}`).join(' · ')}
                </strong>{' '}
                {times.map((key) => (
                  <span key={key} className="soft">
                    {' '}
                    · {t(`reportLists.adherence.${key.slice(0, -2)}`)} {shownTime(sums[key])}
                  </span>
                ))}
              </p>
            </>
          )}
        </Loaded>
        <details data-testid="adherence-rule">
          <summary>{t('reports.formula')}</summary>
          {shiftFigureKeys.map((key) => (
            <p key={key} className="soft">
              {t('reportLists.adherence.rule', { name: shiftFigures[key].name[language], formula: shiftFigures[key].text[language] })} ·{' '}
              {t('reports.version')} {1 + shiftFigures[key].changes.length}
            </p>
          ))}
        </details>
      </section>
      {opened !== null && <Opened row={opened} choose={choose} onClose={() => setOpened(null)} />}
    </>
  );
}

function Rows({
  rows,
  total,
  page,
  setPage,
  onOpen,
}: {
  readonly rows: readonly AdherenceRow[];
  readonly total: number;
  readonly page: number;
  readonly setPage: (page: number) => void;
  readonly onOpen: (row: AdherenceRow) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const figureName = shiftFigures.adherence.name[language];
  return (
    <DataTable<AdherenceRow>
      rowKey={({ date, agentId }) => `${date}|${agentId}`}
      size="small"
      className="figures"
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      pagination={{
        ...{ current: page, pageSize: PAGE, total, onChange: setPage, hideOnSinglePage: true, showSizeChanger: false },
        showTotal: (count) => t('shell.total', { count }),
      }}
      columns={[
        { title: t('reports.agent'), render: (_value, { agentId }) => <LongName name={names.get(agentId) ?? agentId} /> },
        { title: t('reportLists.adherence.date'), dataIndex: 'date' },
        {
          title: t('reportLists.adherence.shifts'),
          render: (_value, { shifts }) =>
            shifts.length === 0
              ? t('reportLists.adherence.noShift')
              : listed(
                  shifts.map(({ from, until }) => `${hour(from)}–${hour(until)}`),
                  i18n,
                ),
        },
        ...times.map((key) => ({
          key,
          title: t(`reportLists.adherence.${key.slice(0, -2)}`),
          align: 'right' as const,
          render: (_value: unknown, row: AdherenceRow) => shownTime(row[key]),
        })),
        {
          title: figureName,
          align: 'right',
          render: (_value, row) => (
            <Button
              type="link"
              size="small"
              aria-label={`${names.get(row.agentId) ?? row.agentId} ${row.date} ${figureName} ${shownFigure('adherence', row)}`}
              onClick={() => onOpen(row)}
            >
              {shownFigure('adherence', row)}
            </Button>
          ),
        },
        ...(['conformance', 'shrinkage'] as const).map((key) => ({
          key,
          title: shiftFigures[key].name[language],
          align: 'right' as const,
          render: (_value: unknown, row: AdherenceRow) => shownFigure(key, row),
        })),
      ]}
    />
  );
}

/** The shifts of one day, and the times within them in which the agent was not signed in. */
function Opened({
  row: { agentId, date, shifts, gaps },
  choose,
  onClose,
}: {
  readonly row: AdherenceRow;
  readonly choose: (changed: Partial<ReportChoice>) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  return (
    <Drawer open size="large" onClose={onClose} title={`${names.get(agentId) ?? agentId} · ${date}`} data-testid="adherence-day">
      <div className="stack">
        {shifts.map(({ shiftId, from, until }) => (
          <div key={shiftId} className="figures">
            <Tag>{shiftId}</Tag> {timeText(from)} – {timeText(until)}
          </div>
        ))}
        {gaps.length === 0 ? (
          <span className="soft">{t('reportLists.adherence.none')}</span>
        ) : (
          <Table<Gap>
            rowKey="from"
            size="small"
            className="figures"
            scroll={{ x: 'max-content' }}
            pagination={false}
            dataSource={[...gaps]}
            columns={[
              { title: t('reportLists.adherence.gap'), render: (_value, gap) => `${timeText(gap.from)} – ${timeText(gap.until)}` },
              {
                title: t('reportLists.adherence.length'),
                align: 'right',
                render: (_value, gap) => clockText(Date.parse(gap.until) - Date.parse(gap.from)),
              },
              { title: t('reportLists.adherence.kind'), render: (_value, { kind }) => t(`reportLists.adherence.kinds.${kind}`) },
              {
                title: t('reportLists.adherence.counts'),
                render: (_value, { counts }) =>
                  counts ? t('reportLists.adherence.counted') : t('reportLists.adherence.tolerated', { minutes: TOLERATED_MINUTES }),
              },
            ]}
          />
        )}
        <div>
          <Button onClick={() => choose({ sheet: 'states', from: date, to: date })}>{t('reportLists.adherence.states')}</Button>
        </div>
      </div>
    </Drawer>
  );
}
