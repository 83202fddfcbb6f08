import { Table } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SatisfactionFigures } from '../../../../services/shared/contracts/api/customers/satisfaction.js';

export type Figures = SatisfactionFigures;

/** A share from 0 to 1 as a percentage. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)}%`);

/** Scores 1 to 5 with their counts; each opens its rows. */
export function Distribution({
  figures: { distribution, answered },
  onOpen,
}: {
  readonly figures: Figures;
  readonly onOpen: (score: number) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="plain">
      {distribution.map((count, place) => {
        const score = place + 1;
        return (
          <li key={score}>
            <button type="button" className="figure-row" onClick={() => onOpen(score)} data-testid={`distribution-${score}`}>
              <span>{t('supervise.satisfaction.score', { score })}</span>
              <span className="figures">
                {count} · {percent(answered === 0 ? null : count / answered)}
              </span>
              <span className="figure-bar" style={{ inlineSize: `${answered === 0 ? 0 : (count / answered) * 100}%` }} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Figures of each queue, agent or hour; the response rate stands beside every score, and each row opens what is behind it. */
export function FigureTable({
  title,
  rows,
  nameOf,
  onOpen,
}: {
  readonly title: string;
  readonly rows: Readonly<Record<string, Figures>>;
  readonly nameOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <h2>{title}</h2>
      <Table
        size="small"
        rowKey="name"
        pagination={{ pageSize: 12, hideOnSinglePage: true }}
        dataSource={Object.entries(rows).map(([name, figures]) => ({ name, ...figures }))}
        columns={[
          {
            title: '',
            className: 'whole-words',
            render: (_value, row) => (
              <button type="button" className="plain-button" onClick={() => onOpen(row.name)}>
                {nameOf(row.name)}
              </button>
            ),
          },
          { title: t('supervise.satisfaction.mean'), align: 'right', render: (_value, row) => row.mean?.toFixed(2) ?? '–' },
          { title: t('supervise.satisfaction.rate'), align: 'right', render: (_value, row) => percent(row.responseRate) },
          { title: t('supervise.satisfaction.invited'), align: 'right', dataIndex: 'invited' },
          { title: t('supervise.satisfaction.answered'), align: 'right', dataIndex: 'answered' },
          {
            title: t('supervise.satisfaction.distribution'),
            align: 'right',
            className: 'figures one-line',
            render: (_value, row) => row.distribution.join('/'),
          },
        ]}
      />
    </section>
  );
}
