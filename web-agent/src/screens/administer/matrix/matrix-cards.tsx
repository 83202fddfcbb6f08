import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CellEditor, type GridProps, type MatrixPerson } from './matrix-grid.js';
import { heldAfter } from './matrix-work.js';

/** The same on a telephone: each person is a card that opens to their skills and queues. */
export function MatrixCards(props: GridProps): ReactNode {
  return (
    <ul className="cards" data-testid="matrix-cards">
      {props.people.map((person) => (
        <PersonCard key={person.id} person={person} {...props} />
      ))}
    </ul>
  );
}

function PersonCard({ person, columns, heldBy, draft, onLevel, onQueue }: GridProps & { readonly person: MatrixPerson }): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const held = heldAfter(heldBy(person.id), draft[person.id]);
  const count = t('matrix.holds', { skills: Object.keys(held.skills).length, queues: held.serves.length });
  return (
    <li className="panel">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary data-testid={`matrix-card-${person.id}`}>
          <strong>{person.displayName}</strong>{' '}
          <span className="soft">{draft[person.id] === undefined ? count : `${count} · ${t('matrix.changed')}`}</span>
        </summary>
        {isOpen && (
          <div className="matrix-card">
            {columns.map((entry) => (
              <CellEditor
                key={`${entry.column.kind}:${entry.column.id}`}
                person={{ ...person, displayName: t(`matrix.${entry.column.kind}`) }}
                entry={entry}
                held={held}
                onLevel={onLevel}
                onQueue={onQueue}
              />
            ))}
          </div>
        )}
      </details>
    </li>
  );
}
