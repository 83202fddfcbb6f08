import { Button, InputNumber, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import type { AnswerOf } from '../../session/api.js';

type RetentionClass = AnswerOf<'GET /retention'>['classes'][number];

/** How long each class is kept, for recordings from now on. The legal minimum is shown beside it and is the least that can be set. */
export function Retention(): ReactNode {
  const read = useRead('/retention');
  return <Loaded query={read}>{({ classes }) => <Classes key={classes.map(({ days }) => days).join()} classes={classes} />}</Loaded>;
}

function Classes({ classes }: { readonly classes: readonly RetentionClass[] }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const save = useChange('retention');
  const [days, setDays] = useState<Readonly<Record<string, number>>>(Object.fromEntries(classes.map(({ name, days: set }) => [name, set])));
  const daysOf = (name: string): number => days[name] ?? classes.find((each) => each.name === name)?.minimumDays ?? 1;
  const changed = classes.some(({ name, days: set }) => days[name] !== set);
  return (
    <section className="panel stack">
      <Table<RetentionClass>
        rowKey="name"
        size="middle"
        pagination={false}
        dataSource={[...classes]}
        columns={[
          { title: t('keeping.class'), render: (_value, { name }) => t(`keeping.classes.${name}`) },
          {
            title: t('keeping.days'),
            render: (_value, { name, minimumDays }) =>
              may('recordings.delete') ? (
                <InputNumber
                  min={Math.max(1, minimumDays)}
                  max={3_660}
                  value={daysOf(name)}
                  aria-label={t(`keeping.classes.${name}`)}
                  onChange={(value) => setDays({ ...days, [name]: value ?? minimumDays })}
                  data-testid={`retention-${name}`}
                />
              ) : (
                days[name]
              ),
          },
          { title: t('keeping.minimum'), align: 'right', dataIndex: 'minimumDays' },
          { title: t('keeping.basis'), render: (_value, { name }) => t(`keeping.bases.${name}`) },
        ]}
      />
      {may('recordings.delete') && (
        <div className="row">
          <Button
            type="primary"
            disabled={!changed}
            loading={save.isPending}
            onClick={() =>
              save.mutate({
                route: 'PUT /retention',
                body: { inbound: daysOf('inbound'), outbound: daysOf('outbound'), complaint: daysOf('complaint') },
              })
            }
          >
            {t('shell.save')}
          </Button>
          <span className="soft">{t('keeping.retentionHint')}</span>
        </div>
      )}
    </section>
  );
}
