import { Button, Drawer, Segmented, Select, Slider, Space, Table, Tag } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { saveBlob } from '../../components/save-blob.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { useEvidence } from './use-evidence.js';
import type { EquipmentLine } from '../../../../services/shared/contracts/api/evidence/evidence-state.js';

const standingColors = {
  matched: 'green',
  'seen-not-declared': 'red',
  'declared-silent': 'gold',
  'declared-unanswered': 'purple',
  'by-hand': 'default',
} as const;

const standings = ['matched', 'seen-not-declared', 'declared-silent', 'declared-unanswered', 'by-hand'] as const;

/** The drawing first, then the list it is drawn from; each line opens the raw answer of its probe. */
export default function TopologyPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  const run = useChange('evidence');
  const equipment = useEvidence('equipment');
  const [subject, setSubject] = useState<string | null>(null);
  const [only, setOnly] = useState<EquipmentLine['standing'] | ''>('');
  const [place, setPlace] = useState('');
  const take = (form: 'svg' | 'png' | 'pdf'): void =>
    void session.api.file(`/evidence/topology.${form}`, { query: { language: i18n.language === 'en' ? 'en' : 'zh-CN' } }).then(
      (blob) => saveBlob(blob, `topology.${form}`),
      () => undefined,
    );
  return (
    <Page
      title={t('compliance.topology.title')}
      testId="topology-page"
      actions={
        <Space>
          {may('evidence.make') && (
            <Button loading={run.isPending} onClick={() => run.mutate({ route: 'POST /evidence/probes/run' })} data-testid="run-probes">
              {t('compliance.topology.run')}
            </Button>
          )}
          {(['svg', 'png', 'pdf'] as const).map((form) => (
            <Button key={form} onClick={() => take(form)}>
              {form.toUpperCase()}
            </Button>
          ))}
        </Space>
      }
    >
      <div className="stack">
        <Drawing />
        <section className="panel">
          <h2>{t('compliance.topology.equipment')}</h2>
          <Loaded query={equipment} isEmpty={({ equipment: lines }) => lines.length === 0} empty={t('compliance.topology.empty')}>
            {({ at, equipment: lines }) => (
              <>
                <p className="soft figures">{t('shell.freshness', { time: timeText(at) })}</p>
                <Space wrap className="gap-below">
                  <Segmented
                    value={only}
                    onChange={setOnly}
                    options={[
                      { value: '' as const, label: `${t('compliance.topology.all')} ${lines.length}` },
                      ...standings.map((standing) => ({
                        value: standing,
                        label: `${t(`compliance.topology.standings.${standing}`)} ${lines.filter((line) => line.standing === standing).length}`,
                      })),
                    ]}
                  />
                  <Select
                    allowClear
                    className="short"
                    value={place === '' ? null : place}
                    placeholder={t('compliance.topology.place')}
                    aria-label={t('compliance.topology.place')}
                    onChange={(next) => setPlace(next ?? '')}
                    options={[...new Set(lines.map((line) => line.place))]
                      .filter((each) => each !== '')
                      .map((value) => ({ value, label: value }))}
                  />
                </Space>
                <EquipmentTable
                  lines={lines.filter((line) => (only === '' || line.standing === only) && (place === '' || line.place === place))}
                  onRaw={setSubject}
                />
              </>
            )}
          </Loaded>
        </section>
      </div>
      {subject !== null && <RawProbe subject={subject} onClose={() => setSubject(null)} />}
    </Page>
  );
}

function EquipmentTable({
  lines,
  onRaw,
}: {
  readonly lines: readonly EquipmentLine[];
  readonly onRaw: (subject: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<EquipmentLine>
      rowKey="node"
      size="small"
      pagination={{ pageSize: 25, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      dataSource={[...lines]}
      columns={[
        { title: t('compliance.topology.node'), dataIndex: 'node' },
        {
          title: t('compliance.topology.name'),
          render: (_value, { name, asset, filedAs }) => (
            <>
              {name}
              {filedAs !== undefined && <div className="soft">{asset}</div>}
            </>
          ),
        },
        {
          title: t('compliance.topology.standing'),
          render: (_value, row) => <Tag color={standingColors[row.standing]}>{t(`compliance.topology.standings.${row.standing}`)}</Tag>,
        },
        { title: t('compliance.topology.use'), dataIndex: 'use' },
        { title: t('compliance.topology.model'), dataIndex: 'model' },
        { title: t('compliance.topology.software'), dataIndex: 'software' },
        { title: t('compliance.topology.quantity'), dataIndex: 'quantity', align: 'right' },
        { title: t('compliance.topology.place'), dataIndex: 'place' },
        {
          title: '',
          render: (_value, { seenBy }) =>
            seenBy !== undefined && (
              <Button size="small" onClick={() => onRaw(seenBy.subject)}>
                {t('compliance.topology.raw')}
              </Button>
            ),
        },
      ]}
    />
  );
}

function Drawing(): ReactNode {
  const { t } = useTranslation();
  const topology = useEvidence('topology');
  const [url, setUrl] = useState<string | null>(null);
  const [zoom, setZoom] = useState(100);
  const svg = topology.data?.topologySvg;
  useEffect(() => {
    if (svg === undefined) return undefined;
    // Shown as a picture: nothing inside the drawing may run in this page.
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    <section className="panel">
      <Loaded query={topology}>
        {() => (
          <>
            <div className="row">
              <span className="figures">
                {t('compliance.topology.zoom')} {zoom} %
              </span>
              <Slider
                min={50}
                max={300}
                step={10}
                value={zoom}
                onChange={setZoom}
                ariaLabelForHandle={t('compliance.topology.zoom')}
                className="zoom"
              />
            </div>
            <div className="drawing" tabIndex={0}>
              {url !== null && <img src={url} alt={t('compliance.topology.title')} style={{ width: `${zoom}%` }} data-testid="drawing" />}
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}

function RawProbe({ subject, onClose }: { readonly subject: string; readonly onClose: () => void }): ReactNode {
  const raw = useRead('/evidence/probes/raw', { query: { subject } });
  return (
    <Drawer open size={560} title={subject} onClose={onClose}>
      <Loaded query={raw}>
        {({ rows }) => (
          <pre className="raw-long" tabIndex={0}>
            {JSON.stringify(rows, null, 2)}
          </pre>
        )}
      </Loaded>
    </Drawer>
  );
}
