import { Segmented, Select, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { pageQuery, usePaging } from '../../components/paging.js';
import { timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { PAGE_ROWS, verdicts, type Attempt, type Verdict } from './calling-out.js';
import { NumberSearch } from './number-search.js';
import { WithdrawalBasis } from './withdrawal-basis.js';
import { DataTable } from '../../components/data-table.js';

type Shown = 'all' | 'refused';

/** Each request to call out, with what the rules decided. */
export function Attempts(): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const [shown, setShown] = useState<Shown>('all');
  const [reason, setReason] = useState<Verdict>();
  const [number, setNumber] = useState('');
  const [page, setPage] = useState(1);
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const asked = new URLSearchParams({
    ...pageQuery(page, PAGE_ROWS),
    refusedOnly: String(shown === 'refused'),
    ...(reason === undefined ? {} : { reason }),
    ...(number === '' ? {} : { number }),
  });
  const read = useRead('/outbound/attempts', { query: asked });
  const filtered = shown === 'refused' || reason !== undefined || number !== '';

  function filter(change: () => void): void {
    change();
    setPage(1);
  }

  return (
    <section className="panel stack" data-testid="attempts">
      <div className="row">
        <Segmented<Shown>
          value={shown}
          aria-label={t('callingOut.attempts.verdict')}
          options={(['all', 'refused'] as const).map((value) => ({ value, label: t(`callingOut.attempts.shown.${value}`) }))}
          onChange={(next) => filter(() => setShown(next))}
        />
        <Select<Verdict>
          allowClear
          className="cause"
          {...(reason === undefined ? {} : { value: reason })}
          placeholder={t('callingOut.attempts.anyReason')}
          aria-label={t('callingOut.attempts.anyReason')}
          options={verdicts.map((value) => ({ value, label: t(`callingOut.verdicts.${value}`) }))}
          onChange={(next?: Verdict) => filter(() => setReason(next))}
        />
        <NumberSearch onSearch={(next) => filter(() => setNumber(next))} />
      </div>
      <Loaded
        query={read}
        isEmpty={({ attempts }) => attempts.length === 0}
        empty={t(filtered ? 'callingOut.attempts.noneSuch' : 'callingOut.attempts.empty')}
      >
        {({ attempts, total }) => (
          <DataTable<Attempt>
            rowKey="attemptId"
            size="middle"
            scroll={{ x: 'max-content' }}
            dataSource={[...attempts]}
            pagination={paging(total)}
            columns={[
              {
                title: t('callingOut.attempts.when'),
                render: (_value, { at, allowed, callId }) => (
                  <span className="figures">{allowed ? <Link to={`/calls/${callId}`}>{timeText(at)}</Link> : timeText(at)}</span>
                ),
              },
              { title: t('calls.agent'), render: (_value, { agentId }) => names.get(agentId) ?? agentId },
              { title: t('callingOut.attempts.way'), render: (_value, { way }) => t(`leaving.ways.${way}`) },
              { title: t('callingOut.number'), render: (_value, { numberMasked }) => <span className="figures">{numberMasked}</span> },
              {
                title: t('callingOut.purpose'),
                render: (_value, { purpose }) => t(`seat.dial.purposes.${purpose}`, { defaultValue: purpose }),
              },
              { title: t('callingOut.attempts.from'), render: (_value, { from = '' }) => <span className="figures">{from}</span> },
              { title: t('callingOut.attempts.version'), render: (_value, { rulesVersion }) => rulesVersion ?? '—' },
              {
                title: t('callingOut.attempts.verdict'),
                render: (_value, { allowed, reason: why = '', refusedAt, emergency, unused, freeReason, consentTakenBackAt }) => (
                  <>
                    <Tag color={allowed ? 'green' : 'red'}>{t(allowed ? 'callingOut.attempts.allowed' : `callingOut.verdicts.${why}`)}</Tag>
                    {unused === true && <Tag>{t('leaving.unused')}</Tag>}
                    {emergency === true && <Tag color="gold">{t('callingOut.attempts.emergency')}</Tag>}
                    {freeReason !== undefined && (
                      <div>
                        <Tag color="gold">{t('freeDial.tag')}</Tag>
                        {freeReason}
                      </div>
                    )}
                    {refusedAt !== undefined && <Tag color="gold">{t('callingOut.attempts.refusedByKey')}</Tag>}
                    {consentTakenBackAt !== undefined && (
                      <div className="wrapped-lines">
                        <Tag color="gold">{t('callingOut.elements.takenBack')}</Tag>
                        <WithdrawalBasis />
                      </div>
                    )}
                  </>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
