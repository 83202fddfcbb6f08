import { Alert, App, Button, Descriptions, Form, Input, InputNumber, Modal, Select, Space, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { useNow } from '../../components/time/elapsed.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useExport } from '../../components/use-export.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { SeedPanel, useNamedSeed } from './seed-panel.js';
import type { Drill, DrillItem } from '../../../../services/shared/contracts/api/evidence/drills.js';

const SHORTEST_MINUTES = 5;
const LONGEST_MINUTES = 480;
const USUAL_MINUTES = 30;

/** Mock inspections: begun with a seed from outside, answered against the clock, ended with the rectification report. */
export default function DrillPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const query = new URLSearchParams({ language: i18n.language === 'en' ? 'en' : 'zh-CN' });
  const read = useRead('/evidence/drills', { query });
  return (
    <Page title={t('drills.title')} testId="drill-page">
      <Loaded query={read}>
        {({ now, drills }) => {
          const chosen = drills.find(({ drillId }) => drillId === address.get('drill')) ?? drills[0];
          const running = drills.some(({ endedAt }) => endedAt === undefined);
          return (
            <div className="stack">
              <p className="soft">{t('drills.text')}</p>
              <SeedPanel />
              {may('evidence.make') && !running && (
                <DrillStart
                  usedSeeds={drills.flatMap(({ seedBy }) => seedBy?.at ?? [])}
                  onStarted={(drillId) => setAddress({ drill: drillId })}
                />
              )}
              {drills.length > 1 && (
                <Select
                  className="wide-field"
                  aria-label={t('drills.earlier')}
                  value={chosen?.drillId ?? null}
                  onChange={(drillId: string) => setAddress({ drill: drillId })}
                  options={drills.map(({ drillId, startedAt }) => ({
                    value: drillId,
                    label: `${drillId} · ${timeText(startedAt).slice(0, 16)}`,
                  }))}
                />
              )}
              {chosen === undefined ? (
                <p className="soft">{t('drills.none')}</p>
              ) : (
                <DrillBody key={chosen.drillId} drill={chosen} serverNow={now} onOver={() => void read.refetch()} />
              )}
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}

interface Start {
  /** When the seeds of earlier drills were named: each is used for one drill. */
  readonly usedSeeds: readonly string[];
  readonly onStarted: (drillId: string) => void;
}

function DrillStart({ usedSeeds, onStarted }: Start): ReactNode {
  const { t } = useTranslation();
  const named = useNamedSeed();
  const ofInspector = named === null || usedSeeds.includes(named.at) ? undefined : named.seed;
  const { message } = App.useApp();
  const start = useChange<'POST /evidence/drills'>('evidence', ({ drillId }) => {
    void message.success(t('drills.started', { drill: drillId }));
    onStarted(drillId);
  });
  return (
    <Form<{ seed?: string; minutes: number }>
      className="panel"
      layout="vertical"
      initialValues={{ minutes: USUAL_MINUTES }}
      onFinish={({ seed, minutes }) =>
        start.mutate({
          route: 'POST /evidence/drills',
          body: { minutes, ...(ofInspector !== undefined || seed === undefined || seed.trim() === '' ? {} : { seed: seed.trim() }) },
        })
      }
    >
      <div className="two">
        {ofInspector === undefined ? (
          <Form.Item name="seed" label={t('drills.seed')} extra={t('drills.seedHint')}>
            <Input maxLength={64} data-testid="drill-seed" />
          </Form.Item>
        ) : (
          <Alert type="info" showIcon title={t('drills.named.forDrill', { seed: ofInspector })} data-testid="drill-by-named" />
        )}
        <Form.Item name="minutes" label={t('drills.minutes')} rules={[{ required: true, message: t('drills.noMinutes') }]}>
          <InputNumber min={SHORTEST_MINUTES} max={LONGEST_MINUTES} precision={0} data-testid="drill-minutes" />
        </Form.Item>
      </div>
      <Button type="primary" htmlType="submit" loading={start.isPending} data-testid="start-drill">
        {t('drills.start')}
      </Button>
    </Form>
  );
}

function seedFromWords({ seedFrom, seedBy }: Drill, t: TFunction): string {
  const from = t(`drills.seedsFrom.${seedFrom}`);
  return seedBy === undefined ? from : t('drills.named.by', { from, name: seedBy.name, at: timeText(seedBy.at) });
}

function DrillBody({
  drill,
  serverNow,
  onOver,
}: {
  readonly drill: Drill;
  readonly serverNow: string;
  readonly onOver: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  const { i18n } = useTranslation();
  const save = useExport();
  const end = useChange('evidence', () => undefined);
  const over = drill.endedAt !== undefined;
  const count = (verdict: DrillItem['verdict']): number => drill.items.filter((item) => item.verdict === verdict).length;
  return (
    <section className="panel stack" data-testid="drill" data-drill={drill.drillId} data-over={over}>
      <div className="row">
        <h2>{drill.drillId}</h2>
        {over ? (
          <Tag color={count('missed') === 0 ? 'green' : 'red'} data-testid="drill-result">
            {t('drills.result', { shown: count('shown'), missed: count('missed'), all: drill.items.length })}
          </Tag>
        ) : (
          <TimeLeft key={serverNow} dueAt={drill.dueAt} serverNow={serverNow} onOver={onOver} />
        )}
      </div>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 3 }}
        items={[
          { key: 'seed', label: t('drills.seed'), children: <code className="hash">{drill.seed}</code> },
          { key: 'from', label: t('drills.seedFrom'), children: seedFromWords(drill, t) },
          { key: 'began', label: t('drills.began'), children: timeText(drill.startedAt) },
          {
            key: 'drawn',
            label: t('drills.drawnFrom'),
            children: Object.entries(drill.drawnFrom)
              .map(([topic, all]) => `${t(`drills.topics.${topic}`)} ${drill.items.filter((item) => item.topic === topic).length}/${all}`)
              .join(' · '),
          },
        ]}
      />
      {drill.seedFrom === 'system' && <Alert type="warning" showIcon title={t('drills.ownSeed')} />}
      <DrillItems drill={drill} />
      <Space wrap>
        {!over && may('evidence.make') && (
          <Button
            loading={end.isPending}
            onClick={() => end.mutate({ route: 'POST /evidence/drills/:drillId/end', params: { drillId: drill.drillId } })}
            data-testid="end-drill"
          >
            {t('drills.end')}
          </Button>
        )}
        {over && (
          <Button
            type="primary"
            data-testid="drill-report"
            onClick={() =>
              save(
                session.api.file('/evidence/drills/:drillId/report.docx', {
                  params: { drillId: drill.drillId },
                  query: new URLSearchParams({ language: i18n.language === 'en' ? 'en' : 'zh-CN' }),
                }),
                `${drill.drillId}.docx`,
              )
            }
          >
            {t('drills.report')}
          </Button>
        )}
      </Space>
    </section>
  );
}

/** The time left, by the server's clock; the page reads again when it is over. */
function TimeLeft({
  dueAt,
  serverNow,
  onOver,
}: {
  readonly dueAt: string;
  readonly serverNow: string;
  readonly onOver: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const [aheadMs] = useState(() => Date.now() - Date.parse(serverNow));
  const leftMs = Date.parse(dueAt) - (now - aheadMs);
  const [asked, setAsked] = useState(false);
  if (leftMs <= 0 && !asked) {
    setAsked(true);
    queueMicrotask(onOver);
  }
  return (
    <strong className={`figures ${leftMs < 300_000 ? 'bad' : ''}`} role="timer" data-testid="time-left">
      {t('drills.left')} {clockText(Math.max(0, leftMs))}
    </strong>
  );
}

/** Where the proof of a drawn item is. */
function placeOf({ topic, subject }: DrillItem): string {
  switch (topic) {
    case 'call':
      return `/calls/${subject}`;
    case 'consent':
      return '/calling-out?tab=consents';
    case 'device':
      return '/registry?register=equipment';
    case 'seat':
      return '/registry?register=seats';
    case 'staff':
      return '/registry?register=staff';
    case 'rule':
      return '/registry?register=rules';
  }
}

const colours: Readonly<Record<DrillItem['verdict'], string>> = { open: 'default', shown: 'green', missed: 'red' };

/** What the system finds missing for an item, and what people answered and when. */
function Found({ drill, item: { gaps, answers } }: { readonly drill: Drill; readonly item: DrillItem }): ReactNode {
  const { t } = useTranslation();
  const after = (at: string): string => t('drills.after', { time: clockText(Date.parse(at) - Date.parse(drill.startedAt)) });
  return (
    <>
      {gaps.map((gap) => (
        <div key={gap} className="bad">
          {gap}
        </div>
      ))}
      {drill.endedAt !== undefined && answers.length === 0 && <div className="soft">{t('drills.notAnswered')}</div>}
      {answers.map((given) => (
        <div key={given.at} className="soft">
          <span className="figures">{after(given.at)}</span> {given.shown ? t('drills.shown') : given.note}
        </div>
      ))}
    </>
  );
}

function DrillItems({ drill }: { readonly drill: Drill }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [failing, setFailing] = useState<DrillItem | null>(null);
  const [note, setNote] = useState('');
  const change = useChange('evidence', () => {
    setFailing(null);
    setNote('');
  });
  // By itself: a late answer to it must not close the sheet of another item, and lose what was written there.
  const showing = useChange('evidence');
  const verdictOn = (item: DrillItem, shown: boolean, words: string) =>
    ({
      route: 'POST /evidence/drills/:drillId/items/:number',
      params: { drillId: drill.drillId, number: String(item.number) },
      body: { shown, note: words },
    }) as const;
  const running = drill.endedAt === undefined && may('evidence.make');
  return (
    <>
      <Table<DrillItem>
        rowKey="number"
        size="small"
        pagination={false}
        scroll={{ x: 900 }}
        dataSource={[...drill.items]}
        columns={[
          { title: t('drills.number'), dataIndex: 'number', width: 60, className: 'figures' },
          { title: t('drills.topic'), dataIndex: 'topicWords', width: 110 },
          { title: t('drills.item'), render: (_value, item) => <Link to={placeOf(item)}>{item.label}</Link> },
          { title: t('drills.asks'), dataIndex: 'asks' },
          {
            title: t('drills.found'),
            render: (_value, item) => <Found drill={drill} item={item} />,
          },
          {
            title: t('drills.verdict'),
            width: 90,
            render: (_value, { number, verdict }) => (
              <Tag color={colours[verdict]} data-testid={`verdict-${number}`} data-verdict={verdict}>
                {t(`drills.verdicts.${verdict}`)}
              </Tag>
            ),
          },
          ...(running
            ? [
                {
                  title: '',
                  width: 180,
                  render: (_value: unknown, item: DrillItem) => (
                    <Space size="small">
                      <Button
                        size="small"
                        type="primary"
                        onClick={() => showing.mutate(verdictOn(item, true, ''))}
                        data-testid={`shown-${item.number}`}
                      >
                        {t('drills.doShown')}
                      </Button>
                      <Button size="small" onClick={() => setFailing(item)} data-testid={`not-shown-${item.number}`}>
                        {t('drills.doNotShown')}
                      </Button>
                    </Space>
                  ),
                },
              ]
            : []),
        ]}
      />
      {failing !== null && (
        <Modal
          open
          title={`${t('drills.doNotShown')} · ${failing.label}`}
          okText={t('shell.save')}
          cancelText={t('shell.cancel')}
          okButtonProps={{ disabled: note.trim() === '', loading: change.isPending, 'data-testid': 'save-not-shown' }}
          onCancel={() => setFailing(null)}
          onOk={() => change.mutate(verdictOn(failing, false, note.trim()))}
        >
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={500}
            value={note}
            placeholder={t('drills.why')}
            aria-label={t('drills.why')}
            onChange={({ target }) => setNote(target.value)}
            data-testid="why-not-shown"
          />
        </Modal>
      )}
    </>
  );
}
