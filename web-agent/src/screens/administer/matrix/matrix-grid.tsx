import { memo, useRef, useState, type FocusEvent, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cellAfter, heldAfter, levelOfKey, type Cell, type Column, type Draft, type Held } from './matrix-work.js';

export interface MatrixPerson {
  readonly id: string;
  readonly displayName: string;
}
export interface NamedColumn {
  readonly column: Column;
  readonly name: string;
  /** Beside the name: which level the queue asks for. */
  readonly asks?: string;
}
export interface GridProps {
  readonly people: readonly MatrixPerson[];
  readonly columns: readonly NamedColumn[];
  readonly heldBy: (id: string) => Held;
  readonly draft: Draft;
  readonly onLevel: (id: string, skill: string, level: number) => void;
  readonly onQueue: (id: string, queueId: string, serves: boolean) => void;
}

/**
 * People in rows, skills and queues in columns. The grid is one stop of the Tab key: arrows go from cell to cell, a digit sets a level, the
 * space bar changes whether a queue is served. Only the rows that change are drawn again.
 */
export function MatrixGrid({ people, columns, heldBy, draft, onLevel, onQueue }: GridProps): ReactNode {
  const { t } = useTranslation();
  const [at, setAt] = useState<Cell>({ row: 0, column: 0 });
  const body = useRef<HTMLTableSectionElement>(null);
  const here: Cell = { row: Math.min(at.row, people.length - 1), column: Math.min(at.column, columns.length - 1) };

  /** The cell that has the focus is the chosen one, however it came by it. */
  function onFocus({ target }: FocusEvent): void {
    const row = target.parentElement;
    if (target instanceof HTMLTableCellElement && row instanceof HTMLTableRowElement)
      setAt({ row: row.sectionRowIndex, column: target.cellIndex - 1 });
  }

  function focus(next: Cell): void {
    const cell = body.current?.rows[next.row]?.cells[next.column + 1];
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const [person, entry] = [people[here.row], columns[here.column]];
    if (person === undefined || entry === undefined || event.altKey || event.metaKey) return;
    const held = heldBy(person.id);
    const next = cellAfter(here, event, people.length, columns.length);
    const level = event.ctrlKey ? undefined : levelOfKey(event.key);
    const { column } = entry;
    if (next !== undefined) focus(next);
    else if (event.key === 'Escape') restore(person.id, held, column);
    else if (column.kind === 'skill' && level !== undefined) onLevel(person.id, column.id, level);
    else if (column.kind === 'queue' && (event.key === ' ' || event.key === 'Enter'))
      onQueue(person.id, column.id, !heldAfter(held, draft[person.id]).serves.includes(column.id));
    else return;
    event.preventDefault();
  }

  /** Escape gives the cell back what is stored. */
  function restore(id: string, held: Held, column: Column): void {
    if (column.kind === 'skill') onLevel(id, column.id, held.skills[column.id] ?? 0);
    else onQueue(id, column.id, held.serves.includes(column.id));
  }

  function onClick({ target }: MouseEvent): void {
    const cell = target instanceof Element ? target.closest<HTMLTableCellElement>('td') : null;
    const row = cell?.parentElement;
    if (cell === null || !(row instanceof HTMLTableRowElement)) return;
    const to: Cell = { row: row.sectionRowIndex, column: cell.cellIndex - 1 };
    const [person, entry] = [people[to.row], columns[to.column]];
    focus(to);
    if (person === undefined || entry?.column.kind !== 'queue') return;
    onQueue(person.id, entry.column.id, !heldAfter(heldBy(person.id), draft[person.id]).serves.includes(entry.column.id));
  }

  const chosen = { person: people[here.row], entry: columns[here.column] };
  return (
    <>
      {chosen.person !== undefined && chosen.entry !== undefined && (
        <CellEditor
          person={chosen.person}
          entry={chosen.entry}
          held={heldAfter(heldBy(chosen.person.id), draft[chosen.person.id])}
          onLevel={onLevel}
          onQueue={onQueue}
        />
      )}
      <div className="matrix" data-testid="matrix">
        <table role="grid" aria-label={t('matrix.title')} aria-rowcount={people.length + 1} aria-colcount={columns.length + 1}>
          <thead>
            <tr>
              <th scope="col">{t('administer.users.displayName')}</th>
              {columns.map(({ column, name, asks }) => (
                <th key={`${column.kind}:${column.id}`} scope="col" data-kind={column.kind} title={asks ?? name}>
                  {name}
                  {asks !== undefined && <small className="soft">{asks}</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onFocus={onFocus} onKeyDown={onKeyDown} onClick={onClick}>
            {people.map((person, row) => (
              <Row
                key={person.id}
                person={person}
                columns={columns}
                held={heldBy(person.id)}
                changed={draft[person.id]}
                stop={row === here.row ? here.column : -1}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const Row = memo(function Row({
  person,
  columns,
  held,
  changed,
  stop,
}: {
  readonly person: MatrixPerson;
  readonly columns: readonly NamedColumn[];
  readonly held: Held;
  readonly changed: Draft[string] | undefined;
  /** The cell of this row that the Tab key stops at; -1 when it is in another row. */
  readonly stop: number;
}): ReactNode {
  const { t } = useTranslation();
  const after = heldAfter(held, changed);
  return (
    <tr data-testid={`matrix-${person.id}`}>
      <th scope="row">{person.displayName}</th>
      {columns.map(({ column, name }, index) => {
        const isSkill = column.kind === 'skill';
        const level = after.skills[column.id];
        const isServed = after.serves.includes(column.id);
        const isChanged = (isSkill ? changed?.skills[column.id] : changed?.queues[column.id]) !== undefined;
        const value = isSkill ? String(level ?? t('matrix.none')) : t(isServed ? 'matrix.serves' : 'matrix.servesNot');
        return (
          <td
            key={`${column.kind}:${column.id}`}
            tabIndex={index === stop ? 0 : -1}
            role="gridcell"
            data-changed={isChanged || undefined}
            data-level={isSkill ? level : undefined}
            aria-label={`${person.displayName} · ${name}: ${value}${isChanged ? ` · ${t('matrix.changed')}` : ''}`}
          >
            {isSkill ? (level ?? '') : isServed ? '✓' : ''}
          </td>
        );
      })}
    </tr>
  );
});

/** The chosen cell as a form, for the mouse: which level, or whether the queue is served. */
export function CellEditor({
  person,
  entry: { column, name },
  held,
  onLevel,
  onQueue,
}: Pick<GridProps, 'onLevel' | 'onQueue'> & {
  readonly person: MatrixPerson;
  readonly entry: NamedColumn;
  readonly held: Held;
}): ReactNode {
  const label = `${person.displayName} · ${name}`;
  return (
    <label className="matrix-cell" data-testid="matrix-cell">
      <span>{label}</span>
      {column.kind === 'skill' ? (
        <LevelSelect level={held.skills[column.id] ?? 0} label={label} onLevel={(level) => onLevel(person.id, column.id, level)} />
      ) : (
        <input
          type="checkbox"
          checked={held.serves.includes(column.id)}
          onChange={({ target }) => onQueue(person.id, column.id, target.checked)}
        />
      )}
    </label>
  );
}

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

export function LevelSelect({
  level,
  label,
  onLevel,
}: {
  readonly level: number;
  readonly label: string;
  readonly onLevel: (level: number) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <select value={level} aria-label={label} onChange={({ target }) => onLevel(Number(target.value))}>
      {LEVELS.map((each) => (
        <option key={each} value={each}>
          {each === 0 ? t('matrix.none') : t('matrix.level', { level: each })}
        </option>
      ))}
    </select>
  );
}
