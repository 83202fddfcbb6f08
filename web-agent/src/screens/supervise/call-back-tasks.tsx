import { Button, Input, Modal, Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { ComplaintForm } from '../complaints/complaint-form.js';
import { useAgentNames } from '../seat/agent-names.js';
import type { CallBackTask } from '../../../../services/shared/contracts/api/customers/satisfaction.js';

const states = ['open', 'taken', 'done'] as const;
type State = (typeof states)[number];

/** Callers who gave a low score and wait to be called back: taken by one person, finished with an outcome, or turned into a complaint. */
export function CallBackTasks(): ReactNode {
  const { t } = useTranslation();
  const [state, setState] = useState<State>('open');
  const tasks = useRead('/satisfaction/tasks', { query: { state: state } });
  const [finishing, setFinishing] = useState<CallBackTask | null>(null);
  const [complaining, setComplaining] = useState<CallBackTask | null>(null);
  const change = useChange('satisfaction', () => setFinishing(null));
  // By itself: a late answer to it must not close the sheet that was opened meanwhile.
  const taking = useChange('satisfaction');

  function finish(task: CallBackTask, outcome: string, complaintId?: string): void {
    const body = { outcome, ...(complaintId === undefined ? {} : { complaintId }) };
    change.mutate({ route: 'POST /satisfaction/tasks/:taskId/finish', params: { taskId: task.taskId }, body });
  }

  return (
    <section className="panel" data-testid="call-backs">
      <h2>{t('supervise.satisfaction.tasks')}</h2>
      <Segmented<State>
        aria-label={t('supervise.satisfaction.tasks')}
        value={state}
        onChange={setState}
        options={states.map((value) => ({
          value,
          label: <span data-testid={`tasks-${value}`}>{t(`supervise.satisfaction.taskStates.${value}`)}</span>,
        }))}
      />
      <Loaded query={tasks} isEmpty={({ tasks: rows }) => rows.length === 0} empty={t('supervise.satisfaction.noTasks')}>
        {({ tasks: rows }) => (
          <ul className="plain">
            {rows.map((task) => (
              <TaskRow
                key={task.taskId}
                task={task}
                busy={change.isPending || taking.isPending}
                onTake={() => taking.mutate({ route: 'POST /satisfaction/tasks/:taskId/take', params: { taskId: task.taskId } })}
                onFinish={() => setFinishing(task)}
                onComplain={() => setComplaining(task)}
              />
            ))}
          </ul>
        )}
      </Loaded>
      {finishing !== null && (
        <FinishSheet busy={change.isPending} onClose={() => setFinishing(null)} onSave={(outcome) => finish(finishing, outcome)} />
      )}
      {complaining !== null && (
        <ComplaintForm
          callId={complaining.callId}
          source="low-score"
          onClose={() => setComplaining(null)}
          onOpened={({ id }) => finish(complaining, t('supervise.satisfaction.becameComplaint'), id)}
        />
      )}
    </section>
  );
}

function TaskRow({
  task,
  busy,
  onTake,
  onFinish,
  onComplain,
}: {
  readonly task: CallBackTask;
  readonly busy: boolean;
  readonly onTake: () => void;
  readonly onFinish: () => void;
  readonly onComplain: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const names = useAgentNames();
  const nameOf = (id = ''): string => names.get(id) ?? id;
  const { state, takenBy, doneBy, outcome = '', complaintId } = task;
  return (
    <li className="row task-line" data-testid={`task-${task.callId}`}>
      <Link to={`/calls/${task.callId}`} className="figures">
        {timeText(task.openedAt)}
      </Link>
      <span className="bad">{t('supervise.satisfaction.score', { score: task.score })}</span>
      {state === 'taken' && <span className="soft">{t('supervise.satisfaction.takenBy', { name: nameOf(takenBy) })}</span>}
      {state === 'done' && <span className="soft">{t('supervise.satisfaction.doneBy', { name: nameOf(doneBy), outcome })}</span>}
      {complaintId !== undefined && <Link to={`/complaints/${complaintId}`}>{t('supervise.satisfaction.openCase')}</Link>}
      {may('complaints.work') && state === 'open' && (
        <Button size="small" type="primary" loading={busy} onClick={onTake} data-testid="take-task">
          {t('supervise.satisfaction.take')}
        </Button>
      )}
      {may('complaints.work') && state !== 'done' && (
        <>
          <Button size="small" onClick={onFinish} data-testid="finish-task">
            {t('supervise.satisfaction.finish')}
          </Button>
          <Button size="small" onClick={onComplain} data-testid="task-to-complaint">
            {t('supervise.satisfaction.toComplaint')}
          </Button>
        </>
      )}
    </li>
  );
}

function FinishSheet({
  busy,
  onClose,
  onSave,
}: {
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onSave: (outcome: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState('');
  return (
    <Modal
      open
      title={t('supervise.satisfaction.finish')}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: outcome.trim() === '', loading: busy, 'data-testid': 'save-outcome' }}
      onCancel={onClose}
      onOk={() => onSave(outcome.trim())}
    >
      <Input.TextArea
        rows={4}
        autoFocus
        value={outcome}
        aria-label={t('supervise.satisfaction.outcome')}
        placeholder={t('supervise.satisfaction.outcome')}
        onChange={({ target }) => setOutcome(target.value)}
        data-testid="outcome"
      />
    </Modal>
  );
}
