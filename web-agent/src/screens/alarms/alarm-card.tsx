import { Button, Input, Modal, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alarm } from '../../../../services/shared/contracts/api/centre/notices.js';
import { timeText } from '../../components/time/times.js';
import { useChange } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';

const SHORTEST_REASON = 3;
const levelColours: Readonly<Record<Alarm['level'], string>> = { info: 'blue', warning: 'gold', alarm: 'red', critical: '#a8071a' };

export function LevelTag({ level }: { readonly level: Alarm['level'] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Tag color={levelColours[level]} variant={level === 'critical' ? 'solid' : 'filled'}>
      {t(`alarms.levels.${level}`)}
    </Tag>
  );
}

/** One alarm: what happened, what it means, what to do, who did what. */
export function AlarmCard({ alarm }: { readonly alarm: Alarm }): ReactNode {
  const { t, i18n } = useTranslation();
  const [clearing, setClearing] = useState(false);
  const see = useChange('alarms');
  const { id, code, level, text, state, count, firstAt, lastAt, history } = alarm;
  const title = t(`alarms.kinds.${code}.title`);
  return (
    <article className="panel stack alarm-card" aria-label={title} data-testid="alarm" data-code={code} data-state={state}>
      <div className="row">
        <LevelTag level={level} />
        <h2>{title}</h2>
        <Tag data-testid="alarm-state">{t(`alarms.states.${state}`)}</Tag>
      </div>
      <div data-testid="alarm-text">{i18n.language === 'en' ? text.en : text['zh-CN']}</div>
      <div className="soft figures">
        {t('alarms.since', { at: timeText(firstAt) })}
        {count > 1 && ` · ${t('alarms.times', { count, at: timeText(lastAt) })}`}
      </div>
      {state !== 'cleared' && (
        <dl className="alarm-words">
          <dt>{t('alarms.means')}</dt>
          <dd>{t(`alarms.kinds.${code}.means`)}</dd>
          <dt>{t('alarms.todo')}</dt>
          <dd>{t(`alarms.kinds.${code}.todo`)}</dd>
        </dl>
      )}
      <details>
        <summary data-testid="alarm-history">{t('alarms.history')}</summary>
        <ul className="plain">
          {history.map((entry) => (
            <HistoryLine key={`${entry.at}${entry.what}`} entry={entry} />
          ))}
        </ul>
      </details>
      {state !== 'cleared' && (
        <div className="row">
          {state === 'open' && (
            <Button
              type="primary"
              size="small"
              loading={see.isPending}
              onClick={() => see.mutate({ route: 'POST /alarms/:id/seen', params: { id }, body: { seen: true } })}
              data-testid="alarm-see"
            >
              {t('alarms.see')}
            </Button>
          )}
          <Button size="small" onClick={() => setClearing(true)} data-testid="alarm-clear">
            {t('alarms.clear')}
          </Button>
        </div>
      )}
      {clearing && <ClearAlarm id={id} title={title} onClose={() => setClearing(false)} />}
    </article>
  );
}

function HistoryLine({ entry: { at, what, byName, reason, sent } }: { readonly entry: Alarm['history'][number] }): ReactNode {
  const { t } = useTranslation();
  const ways = (sent ?? []).map(({ way, count }) => `${t(`alarms.ways.${way}`)} ×${count}`).join(', ');
  const details = [
    ...(what === 'seen' || what === 'cleared' ? [byName ?? t('alarms.bySystem')] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(sent === undefined ? [] : [ways === '' ? t('alarms.nobodySent') : ways]),
  ];
  return (
    <li>
      <span className="figures">{timeText(at)}</span> {t(`alarms.steps.${what}`)}
      {details.length > 0 && ` · ${details.join(' · ')}`}
    </li>
  );
}

function ClearAlarm({ id, title, onClose }: { readonly id: string; readonly title: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const clear = useChange('alarms', onClose);
  return (
    <Modal
      open
      title={t('alarms.clearTitle', { title })}
      okText={t('alarms.clear')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: reason.trim().length < SHORTEST_REASON, 'data-testid': 'confirm-clear' }}
      confirmLoading={clear.isPending}
      onCancel={onClose}
      onOk={() => clear.mutate({ route: 'POST /alarms/:id/clear', params: { id }, body: { reason: reason.trim() } })}
    >
      <div className="stack">
        <span>{t('alarms.clearText')}</span>
        <Field label={t('shell.reasonOfThree')}>
          {(fieldId) => (
            <Input.TextArea
              id={fieldId}
              value={reason}
              maxLength={500}
              onChange={({ target }) => setReason(target.value)}
              data-testid="clear-reason"
            />
          )}
        </Field>
      </div>
    </Modal>
  );
}
