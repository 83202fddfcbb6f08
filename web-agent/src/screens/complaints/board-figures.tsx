import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCaseNames } from './case-names.js';
import type { BoardCounts } from '../../../../services/shared/contracts/api/customers/complaint-case.js';

export type Board = BoardCounts;

const SHOWN = 8;

/** Open cases by kind, client unit and agent; each figure opens its rows. */
export function BoardFigures({
  board,
  onOpen,
}: {
  readonly board: Board;
  readonly onOpen: (field: string, value: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { personOf, unitOf } = useCaseNames();
  return (
    <div className="three">
      <Figures
        title={t('complaints.by.kind')}
        field="kind"
        counts={board.byKind}
        nameOf={(kind) => t(`complaints.kinds.${kind}`)}
        onOpen={onOpen}
      />
      <Figures title={t('complaints.by.client')} field="clientUnit" counts={board.byClient} nameOf={unitOf} onOpen={onOpen} />
      <Figures title={t('complaints.by.agent')} field="againstAgentId" counts={board.byAgent} nameOf={personOf} onOpen={onOpen} />
    </div>
  );
}

function Figures({
  title,
  field,
  counts,
  nameOf,
  onOpen,
}: {
  readonly title: string;
  readonly field: string;
  readonly counts: Readonly<Record<string, number | undefined>>;
  readonly nameOf: (value: string) => string;
  readonly onOpen: (field: string, value: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const rows = Object.entries(counts)
    .map(([value, count = 0]) => ({ value, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <section className="panel">
      <h2>{title}</h2>
      {rows.length === 0 && <p className="soft">{t('complaints.none')}</p>}
      <ul className="plain">
        {rows.map(({ value, count }) => (
          <li key={value}>
            <button type="button" className="figure-row" onClick={() => onOpen(field, value)} data-testid={`by-${field}-${value}`}>
              <span>{nameOf(value)}</span>
              <span className="figures">{count}</span>
              <span className="figure-bar" style={{ inlineSize: `${(count / most) * 100}%` }} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
