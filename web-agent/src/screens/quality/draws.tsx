import { Button, Collapse, DatePicker, Input, InputNumber, Progress, Tag, Typography } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { daysFrom, siteNow } from '../../components/time/site-days.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import type { Draw } from './quality-data.js';

const DAYS = 7;
const QUOTA = 3;

/** Draws of calls for review from a printed seed: nobody chooses, and anybody can repeat the draw. */
export function Draws(): ReactNode {
  const { t } = useTranslation();
  const draws = useRead('/review-samples');
  return (
    <>
      <NewDraw />
      <Loaded query={draws} isEmpty={({ samples }) => samples.length === 0} empty={t('quality.noDraws')}>
        {({ samples }) => (
          <Collapse
            defaultActiveKey={samples[0]?.sampleId ?? ''}
            items={samples.map((draw) => ({ key: draw.sampleId, label: <Head draw={draw} />, children: <DrawnCalls draw={draw} /> }))}
          />
        )}
      </Loaded>
    </>
  );
}

function NewDraw(): ReactNode {
  const { t } = useTranslation();
  const [range, setRange] = useState<readonly [Dayjs, Dayjs]>(() => [siteNow().subtract(DAYS, 'day'), siteNow()]);
  const [quota, setQuota] = useState(QUOTA);
  const [seed, setSeed] = useState('');
  const draw = useChange('review-samples');
  return (
    <section className="panel row filters" aria-label={t('quality.draw')}>
      <DatePicker.RangePicker
        allowClear={false}
        aria-label={t('quality.period')}
        value={[range[0], range[1]]}
        onChange={(next) => {
          const [from, to] = (next ?? []) as readonly (Dayjs | null)[];
          if (from !== null && from !== undefined && to !== null && to !== undefined) setRange([from, to]);
        }}
      />
      <InputNumber
        className="seconds"
        min={1}
        max={50}
        value={quota}
        prefix={t('quality.perAgent')}
        aria-label={t('quality.perAgent')}
        onChange={(value) => setQuota(value ?? QUOTA)}
      />
      <Input
        className="search"
        value={seed}
        placeholder={t('quality.seedHint')}
        aria-label={t('quality.seed')}
        status={/^[\w-]{0,64}$/.test(seed) ? '' : 'error'}
        onChange={({ target }) => setSeed(target.value)}
      />
      <Button
        type="primary"
        loading={draw.isPending}
        onClick={() =>
          draw.mutate({ route: 'POST /review-samples', body: { ...daysFrom(...range), quota, ...(seed === '' ? {} : { seed }) } })
        }
        data-testid="draw"
      >
        {t('quality.draw')}
      </Button>
    </section>
  );
}

function Head({ draw }: { readonly draw: Draw }): ReactNode {
  const { t } = useTranslation();
  const done = draw.calls.filter(({ reviewed }) => reviewed).length;
  return (
    <span className="row">
      <span className="figures">{timeText(draw.at)}</span>
      <span className="soft">
        {t('quality.drawOf', { from: timeText(draw.from).slice(0, 10), to: timeText(draw.to).slice(0, 10), count: draw.quota })}
      </span>
      <Progress
        steps={10}
        size="small"
        percent={draw.calls.length === 0 ? 100 : Math.round((done / draw.calls.length) * 100)}
        format={() => `${done} / ${draw.calls.length}`}
        aria-label={t('quality.reviewed')}
      />
    </span>
  );
}

function DrawnCalls({ draw }: { readonly draw: Draw }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  return (
    <div className="stack">
      <span className="soft">
        {t('quality.seed')}{' '}
        <Typography.Text code copyable>
          {draw.seed}
        </Typography.Text>
      </span>
      {draw.calls.length === 0 && <span>{t('quality.emptyDraw')}</span>}
      <ul className="plain">
        {draw.calls.map(({ callId, agentId, reviewed }) => (
          <li key={callId} className="row">
            <span className="agent">{names.get(agentId) ?? agentId}</span>
            <Link to={`/calls/${callId}`} data-testid={`drawn-${callId}`}>
              {t('quality.listen')}
            </Link>
            {reviewed && <Tag color="green">{t('quality.reviewed')}</Tag>}
          </li>
        ))}
      </ul>
    </div>
  );
}
