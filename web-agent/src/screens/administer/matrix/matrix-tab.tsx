import { Alert, Button, Input, Segmented } from 'antd';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MOST_IN_BATCH } from '../../../../../services/shared/domain/people/batch.js';
import '../../../components/batch/batch.css';
import { useNarrow } from '../../../components/use-narrow.js';
import { useRead } from '../../../session/use-server.js';
import { useUnsaved } from '../../../session/use-unsaved.js';
import { nameOf } from '../../seat/queue-names.js';
import { isServedByPeople } from '../queues/served-by-people.js';
import { MatrixCards } from './matrix-cards.js';
import { MatrixGrid, type MatrixPerson, type NamedColumn } from './matrix-grid.js';
import { MatrixSheet, type NamedQueue } from './matrix-sheet.js';
import { cellsOf, stillChanged, withLevel, withQueue, type Draft, type Held, type Skills } from './matrix-work.js';
import './matrix.css';

const NOTHING: Held = { skills: {}, serves: [] };
const parts = ['all', 'skills', 'queues'] as const;
type Part = (typeof parts)[number];

/** Skills and queues of all agents in one grid, changed together: before it is saved it says who could then take calls. */
export function MatrixTab({
  people,
  skills,
}: {
  readonly people: readonly MatrixPerson[];
  readonly skills: Readonly<Record<string, Skills>>;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const narrow = useNarrow();
  const read = useRead('/queues').data?.queues;
  const [search, setSearch] = useState('');
  const [part, setPart] = useState<Part>('all');
  const [newSkill, setNewSkill] = useState('');
  const [added, setAdded] = useState<readonly string[]>([]);
  const [changes, setDraft] = useState<Draft>({});
  const [saving, setSaving] = useState<Draft | null>(null);

  const queues = useMemo(
    () => (read ?? []).map((queue) => ({ ...queue, label: nameOf(queue.name, i18n.language) })),
    [read, i18n.language],
  );
  const held = useMemo(() => heldOf(people, skills, queues), [people, skills, queues]);
  const heldBy = useCallback((id: string) => held.get(id) ?? NOTHING, [held]);
  const draft = useMemo(() => stillChanged(changes, heldBy), [changes, heldBy]);
  useUnsaved(() => Object.keys(draft).length > 0);

  const columns = useColumns(skills, queues, added, part);

  const wanted = search.trim().toLowerCase();
  const listed = useMemo(() => people.filter(({ displayName }) => displayName.toLowerCase().includes(wanted)), [people, wanted]);
  const onLevel = (id: string, skill: string, level: number): void => setDraft((now) => withLevel(now, id, heldBy(id), skill, level));
  const onQueue = (id: string, queueId: string, serves: boolean): void =>
    setDraft((now) => withQueue(now, id, heldBy(id), queueId, serves));

  function addSkill(): void {
    const name = newSkill.trim();
    if (name !== '') setAdded((names) => [...names, name]);
    setNewSkill('');
  }

  const count = Object.keys(draft).length;
  const grid = { people: listed, columns, heldBy, draft, onLevel, onQueue };
  return (
    <div className="stack">
      <span className="soft">{t(narrow ? 'matrix.hintNarrow' : 'matrix.hint')}</span>
      <div className="row">
        <Input.Search
          className="search-narrow"
          value={search}
          placeholder={t('matrix.search')}
          aria-label={t('matrix.search')}
          onChange={({ target }) => setSearch(target.value)}
        />
        <Segmented<Part> value={part} onChange={setPart} options={parts.map((value) => ({ value, label: t(`matrix.parts.${value}`) }))} />
        <Input
          className="search-narrow"
          value={newSkill}
          maxLength={40}
          placeholder={t('matrix.newSkill')}
          aria-label={t('matrix.newSkill')}
          onChange={({ target }) => setNewSkill(target.value)}
          onPressEnter={addSkill}
          data-testid="matrix-new-skill"
        />
        <Button onClick={addSkill} disabled={newSkill.trim() === ''} data-testid="matrix-add-skill">
          {t('administer.skills.add')}
        </Button>
      </div>
      {columns.length === 0 && <Alert type="info" showIcon title={t('matrix.noColumns')} />}
      {narrow ? <MatrixCards {...grid} /> : <MatrixGrid {...grid} />}
      {count > 0 && (
        <div className="batch-bar" role="toolbar" aria-label={t('matrix.title')} data-testid="matrix-bar">
          <strong role="status">{t('matrix.changes', { people: count, cells: cellsOf(draft) })}</strong>
          {count > MOST_IN_BATCH && <span className="bad">{t('batch.tooMany', { most: MOST_IN_BATCH })}</span>}
          <Button type="primary" disabled={count > MOST_IN_BATCH} onClick={() => setSaving(draft)} data-testid="matrix-save">
            {t('matrix.save')}
          </Button>
          <Button type="text" onClick={() => setDraft({})} data-testid="matrix-reset">
            {t('matrix.reset')}
          </Button>
        </div>
      )}
      {saving !== null && (
        <MatrixSheet
          draft={saving}
          people={people}
          queues={queues}
          heldBy={heldBy}
          onClose={(isDone) => {
            setSaving(null);
            if (isDone) setDraft({});
          }}
        />
      )}
    </div>
  );
}

/** Skills that anybody holds or any queue asks for, then the queues with a list of members. */
function useColumns(
  skills: Readonly<Record<string, Skills>>,
  queues: readonly NamedQueue[],
  added: readonly string[],
  part: Part,
): readonly NamedColumn[] {
  return useMemo((): NamedColumn[] => {
    const known = new Set([
      ...Object.values(skills).flatMap(Object.keys),
      ...queues.flatMap((queue) => Object.keys(queue.skills)),
      ...added,
    ]);
    const ofSkills = [...known].map((id): NamedColumn => ({ column: { kind: 'skill', id }, name: id }));
    // A queue that everybody serves has no list of members.
    const offered = queues.filter((queue) => queue.members !== 'everyone' && isServedByPeople(queue));
    const ofQueues = offered.map(({ id, label, skills: asked }): NamedColumn => {
      const asks = Object.entries(asked).map(([skill, level]) => `${skill} ≥ ${String(level)}`);
      return { column: { kind: 'queue', id }, name: label, ...(asks.length === 0 ? {} : { asks: asks.join(' · ') }) };
    });
    const inOrder = (entries: readonly NamedColumn[]): NamedColumn[] =>
      [...entries].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN', { numeric: true }));
    return [...(part === 'queues' ? [] : inOrder(ofSkills)), ...(part === 'skills' ? [] : inOrder(ofQueues))];
  }, [skills, queues, added, part]);
}

function heldOf(
  people: readonly MatrixPerson[],
  skills: Readonly<Record<string, Skills>>,
  queues: readonly NamedQueue[],
): Map<string, Held> {
  const serves = new Map<string, string[]>(people.map(({ id }) => [id, []]));
  for (const { id, members } of queues) if (members !== 'everyone') for (const member of members) serves.get(member)?.push(id);
  return new Map(people.map(({ id }) => [id, { skills: skills[id] ?? {}, serves: serves.get(id) ?? [] }]));
}
