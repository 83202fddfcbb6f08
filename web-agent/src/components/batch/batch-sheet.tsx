import { Alert, Button, Modal, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../../session/use-server.js';
import './batch.css';

interface Sent<V> {
  readonly id: string;
  readonly before: V;
  readonly after: V;
}
interface Answered {
  readonly done: boolean;
  readonly rows: readonly { readonly id: string; readonly refused?: string | undefined; readonly why?: string | undefined }[];
}
interface Previewed<V> extends Sent<V> {
  readonly name: string;
  readonly isSame: boolean;
  readonly refused?: string | undefined;
}

export interface BatchSheetProps<V> {
  readonly title: string;
  readonly rows: readonly { readonly id: string; readonly name: string }[];
  /** What is in the form; undefined while something is missing. Another value makes a preview out of date. */
  readonly wanted: object | undefined;
  readonly before: (id: string) => V;
  readonly after: (before: V, id: string) => V;
  /** One value, as a person reads it. */
  readonly words: (value: V) => string;
  /** Why a row is left out before anybody is asked; undefined when it is not. */
  readonly leftOut?: (id: string) => string | undefined;
  readonly refusalWords: (code: string, why?: string) => string;
  readonly send: (rows: readonly Sent<V>[], commit: boolean) => Promise<Answered>;
  readonly readAgain: () => Promise<unknown>;
  readonly children: ReactNode;
  readonly onClose: (isDone: boolean) => void;
}

type Stage<V> = {
  readonly at: 'form' | 'preview' | 'done' | 'undone';
  readonly rows: readonly Previewed<V>[];
  readonly of?: object | undefined;
};

/** A change of several rows: the form, then what changes for whom and what is refused and why, then one result that can be taken back. */
export function BatchSheet<V>(props: BatchSheetProps<V>): ReactNode {
  const { title, rows, wanted, before, after, leftOut, refusalWords, send, readAgain, onClose } = props;
  const { t } = useTranslation();
  const wordsOf = useFailureWords();
  const [stage, setStage] = useState<Stage<V>>({ at: 'form', rows: [] });
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const isCurrent = stage.at === 'preview' && stage.of === wanted;
  const changing = stage.rows.filter(({ refused, isSame }) => refused === undefined && !isSame);

  async function during(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setFailure('');
    await work().catch((error: unknown) => setFailure(wordsOf(error)));
    setBusy(false);
  }

  const preview = (): Promise<void> =>
    during(async () => {
      const all = rows.map(({ id, name }): Previewed<V> => {
        const [was, becomes] = [before(id), after(before(id), id)];
        return { id, name, before: was, after: becomes, isSame: JSON.stringify(was) === JSON.stringify(becomes), refused: leftOut?.(id) };
      });
      const asked = all.filter(({ refused }) => refused === undefined);
      const answer = asked.length === 0 ? { done: false, rows: [] } : await send(asked.map(sentOf), false);
      const found = new Map(
        answer.rows.flatMap(({ id, refused, why }) => (refused === undefined ? [] : [[id, refusalWords(refused, why)] as const])),
      );
      setStage({ at: 'preview', of: wanted, rows: all.map((row) => ({ ...row, refused: row.refused ?? found.get(row.id) })) });
      if (answer.rows.some(({ refused }) => refused === 'changed')) await readAgain();
    });

  const apply = (list: readonly Previewed<V>[], at: 'done' | 'undone'): Promise<void> =>
    during(async () => {
      const answer = await send(list.map(sentOf), true);
      await readAgain();
      if (answer.done) setStage({ at, rows: list });
      else setFailure(t('batch.nothingDone'));
      if (!answer.done) setStage({ at: 'form', rows: [] });
    });

  const isOver = stage.at === 'done' || stage.at === 'undone';
  return (
    <Modal
      open
      width={760}
      title={`${title} · ${t('batch.chosen', { count: rows.length })}`}
      onCancel={() => onClose(isOver)}
      data-testid="batch-sheet"
      footer={
        <Footer
          isOver={isOver}
          isCurrent={isCurrent}
          isBusy={isBusy}
          count={changing.length}
          mayPreview={wanted !== undefined}
          onPreview={() => void preview()}
          onApply={() => void apply(changing, 'done')}
          onClose={() => onClose(isOver)}
        />
      }
    >
      <div className="stack">
        {failure !== '' && <Alert type="error" showIcon title={failure} data-testid="batch-failure" />}
        {isOver ? (
          <Alert
            type={stage.at === 'done' ? 'success' : 'info'}
            showIcon
            data-testid={stage.at === 'done' ? 'batch-done' : 'batch-undone'}
            title={t(stage.at === 'done' ? 'batch.done' : 'batch.undone', { count: stage.rows.length })}
            description={t('batch.logged')}
            action={
              stage.at === 'done' && (
                <Button
                  size="small"
                  loading={isBusy}
                  onClick={() =>
                    void apply(
                      stage.rows.map((row) => ({ ...row, before: row.after, after: row.before })),
                      'undone',
                    )
                  }
                  data-testid="batch-undo"
                >
                  {t('batch.undo')}
                </Button>
              )
            }
          />
        ) : (
          props.children
        )}
        {(isCurrent || isOver) && <Preview rows={stage.rows} words={props.words} />}
      </div>
    </Modal>
  );
}

/** First the preview, then the change of those that it did not refuse; at the end only a way out. */
function Footer(now: {
  readonly isOver: boolean;
  /** The preview is of what the form holds now. */
  readonly isCurrent: boolean;
  readonly isBusy: boolean;
  readonly count: number;
  readonly mayPreview: boolean;
  readonly onPreview: () => void;
  readonly onApply: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { isOver, isCurrent, isBusy, count, mayPreview, onPreview, onApply, onClose } = now;
  if (isOver)
    return (
      <Button type="primary" onClick={onClose} data-testid="batch-close">
        {t('batch.close')}
      </Button>
    );
  return (
    <>
      <Button onClick={onClose}>{t('shell.cancel')}</Button>
      <Button
        type={isCurrent ? 'default' : 'primary'}
        disabled={!mayPreview}
        loading={isBusy && !isCurrent}
        onClick={onPreview}
        data-testid="batch-preview"
      >
        {t('batch.preview')}
      </Button>
      <Button type="primary" disabled={!isCurrent || count === 0} loading={isBusy && isCurrent} onClick={onApply} data-testid="batch-apply">
        {isCurrent ? t('batch.apply', { count }) : t('batch.applyNone')}
      </Button>
    </>
  );
}

const sentOf = <V,>({ id, before, after }: Previewed<V>): Sent<V> => ({ id, before, after });

/** Who changes from what to what, and who is left out and why. */
function Preview<V>({ rows, words }: { readonly rows: readonly Previewed<V>[]; readonly words: (value: V) => string }): ReactNode {
  const { t } = useTranslation();
  const order = (row: Previewed<V>): number => (row.refused !== undefined ? 0 : row.isSame ? 2 : 1);
  return (
    <div className="batch-list" tabIndex={0} role="region" aria-label={t('batch.preview')}>
      <Table<Previewed<V>>
        rowKey="id"
        size="small"
        pagination={false}
        dataSource={[...rows].sort((a, b) => order(a) - order(b))}
        onRow={({ id }) => ({ 'data-testid': `batch-row-${id}` }) as object}
        columns={[
          { title: t('batch.who'), dataIndex: 'name' },
          {
            title: t('batch.what'),
            render: (_value, row) =>
              row.refused !== undefined || row.isSame ? (
                words(row.before)
              ) : (
                <>
                  <span className="batch-was">{words(row.before)}</span> → <strong>{words(row.after)}</strong>
                </>
              ),
          },
          {
            title: t('batch.outcome'),
            render: (_value, { refused, isSame }) =>
              refused !== undefined ? (
                <>
                  <Tag color="red">{t('batch.refused')}</Tag>
                  {refused}
                </>
              ) : isSame ? (
                <Tag>{t('batch.same')}</Tag>
              ) : (
                <Tag color="green">{t('batch.changes')}</Tag>
              ),
          },
        ]}
      />
    </div>
  );
}
