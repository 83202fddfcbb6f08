import { Segmented, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { DataTable } from '../../../components/data-table.js';
import { Loaded } from '../../../components/page.js';
import { pageQuery, usePaging } from '../../../components/paging.js';
import { timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { resultText } from '../../seat/after-call/result-choices.js';
import { PAGE_ROWS, type CampaignView } from '../calling-out.js';
import { NumberSearch } from '../number-search.js';
import { ExportRows } from './campaign-results.js';
import { isForLater, whyWords, type Row } from './campaign-row.js';

const READ_EVERY_MS = 2_000;
const shown = ['all', 'waiting', 'presented', 'dialling', 'done'] as const;

/** Each person of the list, with the outcome of the last attempt or why it was not dialled. */
export function CampaignRows({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const may = useMay();
  const sheets = useRead('/worksheets', { enabled: may('queues.edit') });
  const { id } = campaign;
  const sheet = sheets.data?.worksheets.find(({ queueId }) => queueId === campaign.queueId) ?? null;
  const isStopped = campaign.state === 'stopped';
  const [state, setState] = useState<(typeof shown)[number]>('all');
  const [number, setNumber] = useState('');
  const [page, setPage] = useState(1);
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const query = new URLSearchParams({
    ...pageQuery(page, PAGE_ROWS),
    ...(state === 'all' ? {} : { state }),
    ...(number === '' ? {} : { number }),
  });
  const read = useRead('/campaigns/:id/rows', { params: { id }, query, everyMs: READ_EVERY_MS });
  return (
    <div className="stack" data-testid="campaign-rows">
      <div className="row">
        <Segmented
          className="filters"
          value={state}
          aria-label={t('callingOut.state')}
          options={shown.map((value) => ({ value, label: value === 'all' ? t('shell.all') : t(`campaigns.rowStates.${value}`) }))}
          onChange={(next) => {
            setState(next);
            setPage(1);
          }}
        />
        <NumberSearch
          onSearch={(wanted) => {
            setNumber(wanted);
            setPage(1);
          }}
        />
        <ExportRows id={id} name={campaign.name} state={state === 'all' ? undefined : state} />
      </div>
      <Loaded
        query={read}
        isEmpty={({ rows }) => rows.length === 0}
        empty={t(campaign.counts.all === 0 ? 'campaigns.noList' : 'campaigns.noRows')}
      >
        {({ rows, total }) => (
          <DataTable<Row>
            rowKey="id"
            size="small"
            scroll={{ x: 'max-content' }}
            dataSource={[...rows]}
            pagination={paging(total)}
            columns={[
              { title: t('callingOut.consents.line'), dataIndex: 'line', className: 'figures' },
              { title: t('callingOut.number'), className: 'figures', render: (_value, row) => <NumberOf row={row} /> },
              {
                title: t('callingOut.state'),
                render: (_value, row) =>
                  t(isStopped && row.state === 'waiting' ? 'campaigns.neverCalled' : `campaigns.rowStates.${row.state}`),
              },
              { title: t('campaigns.lastTry'), className: 'wrap-words', render: (_value, row) => <LastTry row={row} /> },
              { title: t('campaigns.tries'), dataIndex: 'tries', className: 'figures' },
              {
                title: t('campaigns.next'),
                render: (_value, row) => (!isStopped && isForLater(row) ? timeText(row.notBefore).slice(0, 16) : ''),
              },
              {
                title: t('campaigns.agent'),
                render: (_value, { agentId }) => (agentId === undefined ? '' : (names.get(agentId) ?? agentId)),
              },
              { title: t('campaigns.result'), render: (_value, { result = [] }) => resultText(sheet, result, i18n.language) },
            ]}
          />
        )}
      </Loaded>
    </div>
  );
}

/** The masked number, which leads to the page of the row's call. */
const NumberOf = ({ row: { callId, numberMasked } }: { readonly row: Row }): ReactNode =>
  callId === undefined ? (
    numberMasked
  ) : (
    <Link to={`/calls/${callId}`} data-testid="row-call">
      {numberMasked}
    </Link>
  );

function LastTry({ row: { outcome, why, skipped } }: { readonly row: Row }): ReactNode {
  const { t } = useTranslation();
  const skip = skipped === undefined ? undefined : t(`campaigns.skipReasons.${skipped}`);
  return (
    <span className="row">
      {outcome !== undefined && <Tag>{t(`campaigns.outcomes.${outcome}`)}</Tag>}
      {why !== undefined && <span data-testid="why-not">{t(whyWords(why))}</span>}
      {skip !== undefined && <span>{skip}</span>}
    </span>
  );
}
