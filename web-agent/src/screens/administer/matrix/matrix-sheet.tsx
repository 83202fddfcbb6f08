import { Alert, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BatchSheet } from '../../../components/batch/batch-sheet.js';
import { useBoard, useReadAgain } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import type { MatrixPerson } from './matrix-grid.js';
import { heldAfter, reachOf, type AskingQueue, type Draft, type Held, type Reach } from './matrix-work.js';

export type NamedQueue = AskingQueue & { readonly label: string };

/** Only what the draft touches is sent: what others change meanwhile beside it stays. */
type Sent = Partial<Held>;

/** The change as it will be saved: who could then take calls, what changes for whom, and the way back. */
export function MatrixSheet({
  draft,
  people,
  queues,
  heldBy,
  onClose,
}: {
  readonly draft: Draft;
  readonly people: readonly MatrixPerson[];
  readonly queues: readonly NamedQueue[];
  readonly heldBy: (id: string) => Held;
  readonly onClose: (isDone: boolean) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const readAgain = useReadAgain();
  const agents = useBoard('board:agents').value;
  const isReady = (id: string): boolean => agents?.some(({ agentId, state }) => agentId === id && state === 'ready') === true;
  // As it was when the sheet was opened: once it is saved, nothing would be left to compare with.
  const [reach] = useState(() =>
    reachOf(
      queues,
      people.map(({ id }) => id),
      heldBy,
      draft,
      isReady,
    ),
  );
  const touched = (id: string, of: Held): Sent => ({
    ...(Object.keys(draft[id]?.skills ?? {}).length === 0 ? {} : { skills: of.skills }),
    ...(Object.keys(draft[id]?.queues ?? {}).length === 0 ? {} : { serves: of.serves }),
  });
  const labelOf = (queueId: string): string => queues.find(({ id }) => id === queueId)?.label ?? queueId;
  const [wanted] = useState({});
  return (
    <BatchSheet<Sent>
      title={t('matrix.save')}
      rows={people.filter(({ id }) => draft[id] !== undefined).map(({ id, displayName }) => ({ id, name: displayName }))}
      wanted={wanted}
      before={(id) => touched(id, heldBy(id))}
      after={(_was, id) => touched(id, heldAfter(heldBy(id), draft[id]))}
      words={({ skills = {}, serves = [] }) =>
        [...Object.entries(skills).map(([skill, level]) => `${skill} ${String(level)}`), ...serves.map(labelOf)].join(' · ') ||
        t('batch.nothing')
      }
      refusalWords={(code) => t(`batch.refusals.${code}`)}
      send={(rows, commit) => session.api.send('POST /agents/batch', { body: { rows: rows.map(sentRow), commit } })}
      readAgain={() => Promise.all([readAgain('agents'), readAgain('queues')])}
      onClose={onClose}
    >
      <ReachTable reach={reach} labelOf={labelOf} />
    </BatchSheet>
  );
}

const partsOf = ({ skills, serves }: Sent) => ({
  ...(skills === undefined ? {} : { skills: { ...skills } }),
  ...(serves === undefined ? {} : { serves: [...serves] }),
});
const sentRow = ({ id, before, after }: { readonly id: string; readonly before: Sent; readonly after: Sent }) => ({
  id,
  before: partsOf(before),
  after: partsOf(after),
});

/** Who could take calls: in each queue for which that changes, before and after. */
function ReachTable({ reach, labelOf }: { readonly reach: readonly Reach[]; readonly labelOf: (queueId: string) => string }): ReactNode {
  const { t } = useTranslation();
  const emptied = reach.filter(({ all }) => all.after === 0 && all.before > 0);
  const figure = ({ before, after }: Reach['now']): ReactNode => (
    <span className={after === 0 && before > 0 ? 'figures bad' : 'figures'}>
      {before} → <strong>{after}</strong>
    </span>
  );
  return (
    <div className="stack" data-testid="matrix-reach">
      {emptied.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('matrix.emptied', { queues: emptied.map(({ queueId }) => labelOf(queueId)).join(t('matrix.comma')) })}
          data-testid="matrix-emptied"
        />
      )}
      <strong>{t('matrix.reach')}</strong>
      {reach.length === 0 ? (
        <span className="soft">{t('matrix.sameReach')}</span>
      ) : (
        <Table<Reach>
          rowKey="queueId"
          size="small"
          pagination={false}
          dataSource={[...reach]}
          columns={[
            { title: t('matrix.queue'), render: (_value, { queueId }) => labelOf(queueId) },
            { title: t('matrix.now'), render: (_value, { now }) => figure(now) },
            { title: t('matrix.whenAllIn'), render: (_value, { all }) => figure(all) },
          ]}
        />
      )}
      <span className="soft">{t('matrix.reachHint')}</span>
    </div>
  );
}
