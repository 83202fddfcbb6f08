import { Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

interface CallBackTask {
  readonly taskId: string;
  readonly callId: string;
  readonly openedAt: string;
  readonly score: number;
}

/** Callers who gave a low score and wait to be called back. */
export function CallBackTasks(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const tasks = useRead<{ tasks: readonly CallBackTask[] }>('/satisfaction/tasks?state=open');
  const [finishing, setFinishing] = useState<CallBackTask | null>(null);
  const [outcome, setOutcome] = useState('');
  const finish = useChange('satisfaction', () => {
    setFinishing(null);
    setOutcome('');
  });
  return (
    <section className="panel">
      <h2>{t('supervise.satisfaction.tasks')}</h2>
      <Loaded query={tasks} isEmpty={({ tasks: rows }) => rows.length === 0} empty={t('supervise.satisfaction.noTasks')}>
        {({ tasks: rows }) => (
          <ul className="plain">
            {rows.map((task) => (
              <li key={task.taskId} className="row">
                <Link to={`/calls/${task.callId}`} className="figures">
                  {timeText(task.openedAt)}
                </Link>
                <span className="bad">{t('supervise.satisfaction.score', { score: task.score })}</span>
                {may('complaints.work') && (
                  <Button size="small" onClick={() => setFinishing(task)}>
                    {t('supervise.satisfaction.finish')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Modal
        open={finishing !== null}
        title={t('supervise.satisfaction.finish')}
        okText={t('shell.save')}
        cancelText={t('shell.cancel')}
        okButtonProps={{ disabled: outcome.trim() === '', loading: finish.isPending }}
        onCancel={() => setFinishing(null)}
        onOk={() =>
          finishing !== null &&
          finish.mutate({ method: 'POST', path: `/satisfaction/tasks/${finishing.taskId}/finish`, body: { outcome: outcome.trim() } })
        }
      >
        <Input.TextArea
          rows={4}
          value={outcome}
          aria-label={t('supervise.satisfaction.outcome')}
          placeholder={t('supervise.satisfaction.outcome')}
          onChange={({ target }) => setOutcome(target.value)}
        />
      </Modal>
    </section>
  );
}
