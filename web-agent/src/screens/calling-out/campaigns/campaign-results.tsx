import { Button, Dropdown } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../../components/data-table.js';
import { Loaded } from '../../../components/page.js';
import { saveBlob } from '../../../components/save-blob.js';
import type { AnswerOf } from '../../../session/api.js';
import { say } from '../../../session/notices.js';
import { useFailureWords, useRead } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';

type Results = AnswerOf<'GET /campaigns/:id/results'>;
type Counts = Omit<Results['byAgent'][number], 'agentId'>;
type Line = Counts & { readonly key: string; readonly name: string };

const READ_EVERY_MS = 15_000;

/** People spoken with, of the attempts: a person who refused further calls was spoken with too. */
const contactRate = ({ attempts, reached, refused }: Counts): string =>
  attempts === 0 ? '—' : `${((100 * (reached + refused)) / attempts).toFixed(1)} %`;

/** The attempts of a campaign by agent and by hour of the day. */
export function CampaignResults({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const read = useRead('/campaigns/:id/results', { params: { id }, everyMs: READ_EVERY_MS });
  return (
    <Loaded query={read} isEmpty={({ byAgent }) => byAgent.length === 0} empty={t('campaigns.results.empty')}>
      {({ byAgent, byHour }) => (
        <div className="stack" data-testid="campaign-results">
          <Counted
            head={t('campaigns.agent')}
            lines={byAgent.map((line) => ({ ...line, key: line.agentId, name: names.get(line.agentId) ?? line.agentId }))}
          />
          <Counted
            head={t('campaigns.results.hour')}
            lines={byHour.map((line) => ({ ...line, key: String(line.hour), name: `${line.hour}:00` }))}
          />
          <p className="soft">{t('campaigns.results.hint')}</p>
        </div>
      )}
    </Loaded>
  );
}

function Counted({ head, lines }: { readonly head: string; readonly lines: readonly Line[] }): ReactNode {
  const { t } = useTranslation();
  const count = (key: Exclude<keyof Counts, 'refused'>, title: string) => ({ title, dataIndex: key, className: 'figures' });
  return (
    <DataTable<Line>
      size="small"
      pagination={false}
      // Its words wrap: a table that scrolls without a link in it is out of the keyboard's reach.
      scroll={{}}
      dataSource={[...lines]}
      columns={[
        { title: head, dataIndex: 'name' },
        count('attempts', t('campaigns.results.attempts')),
        count('reached', t('campaigns.outcomes.reached')),
        { title: t('campaigns.results.refused'), dataIndex: 'refused', className: 'figures' },
        { title: t('campaigns.results.contact'), className: 'figures', render: (_value, line) => contactRate(line) },
        count('busy', t('campaigns.outcomes.busy')),
        count('noAnswer', t('campaigns.outcomes.no-answer')),
        count('unreachable', t('campaigns.results.unreachable')),
        count('other', t('campaigns.results.other')),
        count('complained', t('campaigns.results.complained')),
        count('lapsed', t('campaigns.results.lapsed')),
      ]}
    />
  );
}

/** The rows as a file, as they are filtered on the page. */
export function ExportRows({
  id,
  name,
  state,
}: {
  readonly id: string;
  readonly name: string;
  readonly state: 'waiting' | 'presented' | 'dialling' | 'done' | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const [busy, setBusy] = useState(false);
  async function save(form: 'csv' | 'xlsx'): Promise<void> {
    setBusy(true);
    const query = new URLSearchParams(state === undefined ? {} : { state });
    const asked = { params: { id }, query };
    await (form === 'csv' ? session.api.file('/campaigns/:id/rows.csv', asked) : session.api.file('/campaigns/:id/rows.xlsx', asked))
      .then((blob) => saveBlob(blob, `${name}.${form}`))
      .catch((error: unknown) => void say('error', wordsOf(error), 6));
    setBusy(false);
  }
  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      menu={{
        items: [
          { key: 'csv', label: t('calls.list.csv'), onClick: () => void save('csv') },
          { key: 'xlsx', label: t('calls.list.xlsx'), onClick: () => void save('xlsx') },
        ],
      }}
    >
      <Button size="small" loading={busy} data-testid="export-rows">
        {t('calls.list.export')}
      </Button>
    </Dropdown>
  );
}
