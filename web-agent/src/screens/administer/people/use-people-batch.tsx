import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BatchBar } from '../../../components/batch/batch-bar.js';
import { useChosen, type Chosen } from '../../../components/batch/use-chosen.js';
import { useMay } from '../../../session/use-workplace.js';
import { batchActs, PeopleBatch, type BatchAct, type BatchPerson } from './batch-work.js';

/** Choosing people in a table, and the changes of several of them that this person may make. */
export function usePeopleBatch<T extends BatchPerson>(
  people: readonly T[],
): {
  readonly chosen: Chosen<T>;
  readonly bar: ReactNode;
  readonly sheet: ReactNode;
} {
  const { t } = useTranslation();
  const may = useMay();
  const chosen = useChosen(
    people,
    ({ id }) => id,
    ({ displayName }) => displayName,
  );
  const [act, setAct] = useState<{ readonly act: BatchAct; readonly ids: readonly string[] } | null>(null);
  const acts = batchActs.filter((each) => may(each === 'team' || each === 'state' ? 'users.edit' : 'queues.edit'));
  return {
    chosen,
    bar: (
      <BatchBar
        count={chosen.rows.length}
        all={people.length}
        acts={acts.map((key) => ({
          key,
          label: t(`batch.${key}`),
          onClick: () => setAct({ act: key, ids: chosen.rows.map(({ id }) => id) }),
        }))}
        onAll={chosen.chooseAll}
        onClear={chosen.clear}
      />
    ),
    sheet: act !== null && (
      <PeopleBatch
        act={act.act}
        people={people.filter(({ id }) => act.ids.includes(id))}
        onClose={(isDone) => {
          setAct(null);
          if (isDone) chosen.clear();
        }}
      />
    ),
  };
}
