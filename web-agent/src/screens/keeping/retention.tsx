import { Button, InputNumber, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

interface RetentionClass {
  readonly name: string;
  readonly minimumDays: number;
  readonly days: number;
}

/** How long each class is kept: for recordings from now on. The legal minimum stands beside it and is the least that can be set. */
export function Retention(): ReactNode {
  const read = useRead<{ classes: readonly RetentionClass[] }>('/retention');
  return <Loaded query={read}>{({ classes }) => <Classes key={classes.map(({ days }) => days).join()} classes={classes} />}</Loaded>;
}

function Classes({ classes }: { readonly classes: readonly RetentionClass[] }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const save = useChange('retention');
  const [days, setDays] = useState<Readonly<Record<string, number>>>(Object.fromEntries(classes.map(({ name, days: set }) => [name, set])));
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
                  value={days[name] ?? minimumDays}
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
            onClick={() => save.mutate({ method: 'PUT', path: '/retention', body: days })}
          >
            {t('shell.save')}
          </Button>
          <span className="soft">{t('keeping.retentionHint')}</span>
        </div>
      )}
    </section>
  );
}
