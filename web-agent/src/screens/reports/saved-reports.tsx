import { App, Button, Drawer, Popconfirm, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedReport } from '../../../../services/shared/contracts/api/figures/saved-reports.js';
import { figureRegistry } from '../../../../services/shared/domain/figures/registry.js';
import { clockOf, daysOfPeriod } from '../../../../services/shared/domain/figures/saved-report.js';
import { DataTable } from '../../components/data-table.js';
import { Loaded } from '../../components/page.js';
import { isoOf, siteNow } from '../../components/time/site-days.js';
import { timeText } from '../../components/time/times.js';
import { listed } from '../../i18n/language.js';
import { useChange, useRead } from '../../session/use-server.js';
import type { ReportChoice } from './report-choice.js';
import { SaveReport, unfitFigures } from './save-report.js';

/** Saved reports: opened for the current days, shared, and mailed on working days. */
export default function SavedReports({
  choice,
  choose,
  onClose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const read = useRead('/figures/saved');
  const [editing, setEditing] = useState<SavedReport | 'new' | null>(null);
  const remove = useChange('figures', () => void message.success(t('reports.saved.removed')));
  const people = read.data?.people ?? [];
  const nameOf = (userId: string): string => people.find((person) => person.userId === userId)?.name ?? userId;
  const open = ({ period, interval, by, figures, filters = {}, compare, asOf: moment }: SavedReport): void => {
    const at = moment && siteNow().startOf('day').subtract(moment.daysAgo, 'day').add(moment.atMinute, 'minute');
    const days = daysOfPeriod(period, siteNow().format('YYYY-MM-DD'));
    choose({ ...days, interval, by, filters, columns: figures, compare, asOf: at && isoOf(at) });
    onClose();
  };
  return (
    <Drawer open size="large" onClose={onClose} title={t('reports.saved.title')} data-testid="saved-reports">
      <div className="stack">
        <p className="soft">{t('reports.saved.text')}</p>
        <div>
          <Button type="primary" onClick={() => setEditing('new')} data-testid="save-report">
            {t('reports.saved.keep')}
          </Button>
        </div>
        <Loaded query={read} isEmpty={({ reports }) => reports.length === 0} empty={t('reports.saved.empty')}>
          {({ reports }) => (
            <DataTable<SavedReport>
              rowKey="id"
              size="small"
              pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
              dataSource={[...reports]}
              columns={[
                {
                  title: t('reports.saved.name'),
                  className: 'wrap-words',
                  render: (_value, report) => (
                    <Button type="link" size="small" onClick={() => open(report)} data-testid={`open-${report.name}`}>
                      {report.name}
                    </Button>
                  ),
                },
                {
                  title: t('reports.period'),
                  render: (_value, report) => <Shown report={report} />,
                },
                {
                  title: t('reports.saved.whose'),
                  render: (_value, { isOwn, isShared, ownerId }) => (
                    <>
                      {isOwn ? t('reports.saved.own') : nameOf(ownerId)} {isShared && <Tag>{t('reports.saved.shared')}</Tag>}
                    </>
                  ),
                },
                { title: t('reports.saved.mail'), render: (_value, report) => <Mailed report={report} nameOf={nameOf} /> },
                {
                  title: '',
                  render: (_value, report) =>
                    (report.isOwn || report.isOrphaned) && (
                      <div className="row nowrap">
                        {report.isOwn && (
                          <Button size="small" onClick={() => setEditing(report)}>
                            {t('reports.saved.change')}
                          </Button>
                        )}
                        <Popconfirm
                          title={t('reports.saved.removeAsked')}
                          okText={t('reports.saved.remove')}
                          cancelText={t('shell.cancel')}
                          onConfirm={() => remove.mutate({ route: 'DELETE /figures/saved/:id', params: { id: report.id } })}
                        >
                          <Button size="small">{t('reports.saved.remove')}</Button>
                        </Popconfirm>
                      </div>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
        {editing !== null && read.data !== undefined && (
          <SaveReport report={editing === 'new' ? undefined : editing} choice={choice} saved={read.data} onClose={() => setEditing(null)} />
        )}
      </div>
    </Drawer>
  );
}

/** Which days it shows, with what beside them, and as of when. */
function Shown({ report }: { readonly report: SavedReport }): ReactNode {
  const { t, i18n } = useTranslation();
  const { period, compare, asOf } = report;
  const unfit = unfitFigures(report).map((key) => figureRegistry[key].name[i18n.language === 'en' ? 'en' : 'zh']);
  return (
    <>
      {t(`reports.saved.periods.${period}`)}
      {compare !== undefined && <div className="soft">{t('reports.saved.comparedWith', { what: t(`reports.compared.${compare}`) })}</div>}
      {asOf !== undefined && (
        <div className="soft">
          {t(asOf.daysAgo === 0 ? 'reports.saved.asOfSameDay' : 'reports.saved.asOfBefore', {
            days: asOf.daysAgo,
            at: clockOf(asOf.atMinute),
          })}
        </div>
      )}
      {unfit.length > 0 && <div className="bad">{t('reports.saved.unfit', { names: listed(unfit, i18n) })}</div>}
    </>
  );
}

/** When it is mailed, and the outcome of the last mailing. */
function Mailed({
  report: { schedule, lastMailed },
  nameOf,
}: {
  readonly report: SavedReport;
  readonly nameOf: (userId: string) => string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  if (schedule === null) return '—';
  const { rhythm, atMinute, form, people, unseen } = schedule;
  const time = clockOf(atMinute);
  return (
    <>
      <div>
        {t(`reports.saved.rhythms.${rhythm}`)} {time} · {t(`reports.saved.forms.${form}`)} · {listed(people.map(nameOf), i18n)}
        {unseen > 0 && ` ${t('reports.saved.unseen', { count: unseen })}`}
      </div>
      {lastMailed !== null && (
        <div className="soft">
          {t('reports.saved.last', {
            at: timeText(lastMailed.at),
            sent: lastMailed.sent.length + lastMailed.unseen.sent,
            all: people.length + unseen,
          })}
        </div>
      )}
      {lastMailed?.unseen.unsent.map((reason, place) => (
        <div key={place} className="bad">
          {t('reports.saved.somebody')}: {t(`reports.saved.unsent.${reason}`)}
        </div>
      ))}
      {lastMailed?.unsent.map(({ userId, reason }) => (
        <div key={userId} className="bad">
          {nameOf(userId)}: {t(`reports.saved.unsent.${reason}`)}
        </div>
      ))}
    </>
  );
}
