import { Empty, Tag } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScopeRow } from '../../../../../services/shared/contracts/queues/scope-row.js';
import { trunkFigureKeys, type RowFigureKey } from '../../../../../services/shared/domain/figures/keys.js';
import { figureRegistry, figureWithUnit } from '../../../../../services/shared/domain/figures/registry.js';
import { scopeBoards, type RowScope, type ScopeBoardName } from '../../../../../services/shared/domain/figures/scope-rows.js';
import { thresholdLevels, type ThresholdLevel } from '../../../../../services/shared/domain/figures/threshold.js';
import { useBoard } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { channelsText } from '../../wall/wall-state.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { nameOf } from '../../seat/queue-names.js';
import type { Behind } from '../../reports/lists/rows-drawer.js';
import { Figure } from './figure.js';
import { sinceMidnight } from './since-midnight.js';

const RowsDrawer = lazy(async () => ({ default: (await import('../../reports/lists/rows-drawer.js')).RowsDrawer }));

const ofCallers = ['waiting', 'entered', 'answered', 'abandoned', 'sl.strict', 'asa', 'transfers'] as const;
const ofTrunks = [...ofCallers, ...trunkFigureKeys] as const;
const ofPeople = ['answered', 'sl.answered', 'asa', 'transfers'] as const;
const shownStates = ['ready', 'offered', 'on-call', 'wrap-up', 'break', 'away'] as const;

const boardOf = (by: RowScope): ScopeBoardName =>
  (Object.keys(scopeBoards) as ScopeBoardName[]).find((name) => scopeBoards[name] === by) ?? 'board:numbers';

/** The worst threshold level of each row. */
function useLevels(): (row: Pick<ScopeRow, 'of' | 'id'>) => ThresholdLevel {
  const marks = useBoard('board:thresholds').value ?? [];
  return ({ of, id }) => {
    const own = marks.filter(({ scope }) => scope.of === of && scope.id === id);
    return [...thresholdLevels].reverse().find((level) => own.some((mark) => mark.level === level)) ?? 'ok';
  };
}

/** The rows of numbers, trunks, client units, teams or agents: those beyond a threshold first, then the busiest. */
export default function ScopeRows({ by, onHeard }: { readonly by: RowScope; readonly onHeard: (atMs: number) => void }): ReactNode {
  const { t } = useTranslation();
  const { value, atMs } = useBoard(boardOf(by));
  useEffect(() => onHeard(atMs), [onHeard, atMs]);
  const levelOf = useLevels();
  const name = useRowName();
  const weight = (row: ScopeRow): number => thresholdLevels.indexOf(levelOf(row));
  const answered = ({ today }: ScopeRow): number => today.answered?.numerator ?? 0;
  const rows = [...(value ?? [])].sort((a, b) => weight(b) - weight(a) || answered(b) - answered(a) || (a.id < b.id ? -1 : 1));
  return (
    <>
      {(by === 'team' || by === 'agent') && <p className="soft">{t('walls.ofAnswered')}</p>}
      {value !== null && rows.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('walls.noRowsSeen')} />}
      {rows.map((row) => (
        <Row key={row.id} row={row} name={name(row)} level={levelOf(row)} />
      ))}
    </>
  );
}

function useRowName(): (row: ScopeRow) => string {
  const { i18n } = useTranslation();
  const agents = useAgentNames();
  return ({ of, id, name }) => (of === 'agent' ? (agents.get(id) ?? id) : name === undefined ? id : nameOf(name, i18n.language));
}

function Row({ row, name, level }: { readonly row: ScopeRow; readonly name: string; readonly level: ThresholdLevel }): ReactNode {
  const { t, i18n } = useTranslation();
  const { of, id, states, channels, today, lately } = row;
  const may = useMay();
  const [behind, setBehind] = useState<Behind | null>(null);
  const keys: readonly RowFigureKey[] = of === 'team' || of === 'agent' ? ofPeople : of === 'trunk' ? ofTrunks : ofCallers;
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const shown = (key: RowFigureKey, figures: ScopeRow['today']): string => figureWithUnit(key, figures[key] ?? { value: null }, language);
  return (
    <section className="panel wall-row" data-alarm={level === 'ok' ? '' : level} data-testid={`row-${of}-${id}`} aria-label={name}>
      <div className="wall-name">
        <h2>{name}</h2>
        {level !== 'ok' && <Tag color={level === 'alarm' ? 'red' : 'gold'}>{t(`thresholds.level.${level}`)}</Tag>}
      </div>
      {channels !== undefined && <Figure label={t('walls.kinds.channels')} value={channelsText(channels)} testId="channels" />}
      {keys.map((key) => (
        <div key={key} className="wall-figure" title={figureRegistry[key].text[language]}>
          <Figure
            label={figureRegistry[key].name[language]}
            value={shown(key, today)}
            testId={key}
            {...(may('calls.read') && (today[key]?.value ?? 0) !== 0 ? { onOpen: () => setBehind(sinceMidnight(id, key)) } : {})}
          />
          {key !== 'waiting' && (
            <span className="soft figures">
              {t('supervise.wallboard.lately')} {shown(key, lately)}
            </span>
          )}
        </div>
      ))}
      {behind !== null && (
        <Suspense>
          <RowsDrawer behind={behind} by={of === 'client-unit' ? 'client' : of} scopeName={name} onClose={() => setBehind(null)} />
        </Suspense>
      )}
      {states !== undefined && (
        <dl className="wall-states">
          {shownStates.map((state) => (
            <div key={state}>
              <dt className="soft">{t(`seat.state.${state}`)}</dt>
              <dd className="figures">{states[state] ?? 0}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
