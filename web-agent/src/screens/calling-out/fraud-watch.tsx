import { Checkbox, Input, Modal, Segmented, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { pageQuery, usePaging } from '../../components/paging.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { Field } from '../administer/fields.js';
import { useAgentNames } from '../seat/agent-names.js';
import { PAGE_ROWS, type FraudAlarm } from './calling-out.js';
import { FraudRules } from './fraud-rules.js';
import { ReadOnly } from './read-only.js';

const SHORTEST_FINDING = 3;
const READ_AGAIN_MS = 15_000;
type Shown = 'open' | 'all' | 'rules';

/** The findings of the fraud watch, the answers of people, and its rules. */
export function FraudWatch(): ReactNode {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>('open');
  return (
    <section className="panel stack" data-testid="fraud-watch">
      <Segmented<Shown>
        className="filters"
        value={shown}
        aria-label={t('callingOut.tabs.fraud')}
        options={(['open', 'all', 'rules'] as const).map((value) => ({
          value,
          label: <span data-testid={`fraud-${value}`}>{t(`callingOut.fraud.shown.${value}`)}</span>,
        }))}
        onChange={setShown}
      />
      {shown === 'rules' ? (
        <ReadOnly>
          <FraudRules />
        </ReadOnly>
      ) : (
        <Alarms openOnly={shown === 'open'} />
      )}
    </section>
  );
}

function Alarms({ openOnly }: { readonly openOnly: boolean }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const names = useAgentNames();
  const [page, setPage] = useState(1);
  const [settling, setSettling] = useState<FraudAlarm>();
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const asked = new URLSearchParams({ ...pageQuery(page, PAGE_ROWS), openOnly: String(openOnly) });
  const read = useRead('/outbound/alarms', { query: asked, everyMs: READ_AGAIN_MS });
  const whose = ({ subject: { kind, shown } }: FraudAlarm): string =>
    t(`callingOut.fraud.subjects.${kind}`, { value: kind === 'agent' ? (names.get(shown) ?? shown) : shown });
  return (
    <>
      <Loaded
        query={read}
        isEmpty={({ alarms }) => alarms.length === 0}
        empty={t(openOnly ? 'callingOut.fraud.noneOpen' : 'callingOut.fraud.none')}
      >
        {({ alarms, total }) => (
          <Table<FraudAlarm>
            rowKey="id"
            size="middle"
            scroll={{ x: 'max-content' }}
            dataSource={[...alarms]}
            pagination={paging(total)}
            columns={[
              { title: t('callingOut.fraud.at'), render: (_value, { at }) => <span className="figures">{timeText(at)}</span> },
              { title: t('callingOut.fraud.what'), render: (_value, { pattern }) => t(`callingOut.fraud.patterns.${pattern}`) },
              { title: t('callingOut.fraud.whose'), render: (_value, alarm) => <span className="figures">{whose(alarm)}</span> },
              {
                title: t('callingOut.fraud.count'),
                render: (_value, { count, of, pattern }) => (
                  <span className="figures">{t(`callingOut.fraud.counts.${pattern}`, { number: count, of })}</span>
                ),
              },
              {
                title: t('callingOut.state'),
                render: (_value, { settled, stopId }) => (
                  <>
                    {settled === undefined && <Tag color="red">{t('callingOut.fraud.open')}</Tag>}
                    {settled !== undefined && <Tag>{t('callingOut.fraud.settled')}</Tag>}
                    {stopId !== undefined && settled?.lifted !== true && <Tag color="red">{t('callingOut.fraud.stopped')}</Tag>}
                  </>
                ),
              },
              {
                title: t('callingOut.fraud.finding'),
                render: (_value, alarm) =>
                  alarm.settled === undefined
                    ? may('outbound.edit') && (
                        <a role="button" tabIndex={0} onClick={() => setSettling(alarm)} data-testid="settle-alarm">
                          {t('callingOut.fraud.settle')}
                        </a>
                      )
                    : t('callingOut.stops.because', {
                        reason: alarm.settled.finding,
                        by: alarm.settled.byName,
                        at: timeText(alarm.settled.at),
                      }),
              },
            ]}
          />
        )}
      </Loaded>
      {settling !== undefined && (
        <Settle
          alarm={settling}
          title={`${t(`callingOut.fraud.patterns.${settling.pattern}`)}: ${whose(settling)}`}
          onClose={() => setSettling(undefined)}
        />
      )}
    </>
  );
}

function Settle({
  alarm,
  title,
  onClose,
}: {
  readonly alarm: FraudAlarm;
  readonly title: string;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [finding, setFinding] = useState('');
  const [lift, setLift] = useState(false);
  const settle = useChange('outbound', onClose);
  return (
    <Modal
      open
      title={title}
      okText={t('callingOut.fraud.settle')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: finding.trim().length < SHORTEST_FINDING, 'data-testid': 'confirm-settle' }}
      confirmLoading={settle.isPending}
      onCancel={onClose}
      onOk={() =>
        settle.mutate({ route: 'POST /outbound/alarms/:id/settle', params: { id: alarm.id }, body: { finding: finding.trim(), lift } })
      }
    >
      <div className="stack">
        <span>{t('callingOut.fraud.settleText')}</span>
        <Field label={t('callingOut.fraud.finding')}>
          {(id) => (
            <Input.TextArea
              id={id}
              value={finding}
              maxLength={500}
              onChange={({ target }) => setFinding(target.value)}
              data-testid="finding"
            />
          )}
        </Field>
        {alarm.stopId !== undefined && (
          <Checkbox checked={lift} onChange={({ target }) => setLift(target.checked)} data-testid="lift-too">
            {t('callingOut.fraud.lift')}
          </Checkbox>
        )}
      </div>
    </Modal>
  );
}
