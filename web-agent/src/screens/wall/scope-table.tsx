import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { figureHeading, shownFigure } from '../../../../services/shared/domain/figures/registry.js';
import type { RowScope } from '../../../../services/shared/domain/figures/scope-rows.js';
import type { ThresholdLevel } from '../../../../services/shared/domain/figures/threshold.js';
import { nameOf } from '../seat/queue-names.js';
import { channelsText, levelMarks, levelOfScope, MOST_ROWS, scopeRowsOf, type ShownRow, type WallState } from './wall-state.js';

const ofCallers = ['waiting', 'entered', 'answered', 'abandoned', 'sl.strict'] as const;
const ofTrunks = ['entered', 'answered', 'abandoned', 'legs', 'asr', 'ner', 'pdd.p95'] as const;
const ofTeams = ['answered', 'sl.answered', 'asa'] as const;
const shownStates = ['ready', 'on-call', 'wrap-up', 'break'] as const;
const ranks = ['ok', 'warn', 'alarm'] as const;

/** The rows of a tile: those beyond a threshold first. For teams also who is there. */
export function ScopeTable({ by, state }: { readonly by: RowScope; readonly state: WallState }): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const level = (row: ShownRow): ThresholdLevel => levelOfScope(state.rows, row.scope);
  const rows = [...scopeRowsOf(state.rows, by)].sort((a, b) => ranks.indexOf(level(b)) - ranks.indexOf(level(a)));
  if (rows.length === 0) return <p className="tv-soft">{t('walls.noRows')}</p>;
  const shown = rows.slice(0, MOST_ROWS);
  const figures = by === 'team' ? ofTeams : by === 'trunk' ? ofTrunks : ofCallers;
  const states = by === 'team' ? shownStates : [];
  return (
    <>
      <table className="tv-table" style={{ fontSize: `min(2.1cqw, 40cqh / ${shown.length + 2})` }}>
        <thead>
          <tr>
            <th>{t(`walls.rowHead.${by}`)}</th>
            {states.map((each) => (
              <th key={each}>{t(`seat.state.${each}`)}</th>
            ))}
            {by === 'trunk' && <th>{t('walls.kinds.channels')}</th>}
            {figures.map((key) => (
              <th key={key}>{figureHeading(key, language)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.id} data-level={level(row)} data-row={row.id}>
              <th>
                {levelMarks[level(row)]}
                {row.name === undefined ? row.scope.id : nameOf(row.name, i18n.language)}
              </th>
              {states.map((each) => (
                <td key={each}>{row.states?.[each] ?? 0}</td>
              ))}
              {by === 'trunk' && <td>{channelsText(row.channels)}</td>}
              {figures.map((key) => (
                <td key={key}>{shownFigure(key, row.today[key] ?? { value: null })}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && <p className="tv-soft">{t('walls.moreRows', { n: rows.length - shown.length })}</p>}
    </>
  );
}
