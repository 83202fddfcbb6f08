import { Alert, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { BackupsPart } from './backups-part.js';
import { PracticeCallPanel } from './practice-call-panel.js';
import { ProofCallPanel } from './proof-call-panel.js';
import { SipTracesPanel } from './sip-traces-panel.js';
import { SystemDetail } from './system-detail.js';

const okOf = (value: unknown): boolean => typeof value === 'object' && value !== null && (value as { ok?: unknown }).ok !== false;

/** What runs, the practice caller, and the test call. */
export default function SystemPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const status = useRead('/system/status', { everyMs: 5_000 });
  return (
    <Page title={t('administer.system.title')} testId="system-page">
      <div className="stack">
        {may('calls.practise') && <PracticeCallPanel />}
        {may('evidence.proof-call') && <ProofCallPanel />}
        {may('traces.read') && <SipTracesPanel />}
        <section className="panel">
          <Loaded query={status}>
            {({ at, backups, ...parts }) => (
              <>
                <p className="soft figures">{t('shell.freshness', { time: timeText(at) })}</p>
                <div className="system-parts">
                  {Object.entries(parts).map(([part, value]) => (
                    <section key={part} className="system-part" aria-label={partWord(t, part)}>
                      <h2 className="row">
                        {partWord(t, part)}
                        <Tag color={okOf(value) ? 'green' : 'red'}>
                          {okOf(value) ? t('administer.system.healthy') : t('administer.system.unhealthy')}
                        </Tag>
                      </h2>
                      {part === 'documents' && !okOf(value) && (
                        <Alert type="warning" showIcon title={t('administer.system.documentsAway')} />
                      )}
                      <SystemDetail value={value} />
                    </section>
                  ))}
                </div>
                <BackupsPart backups={backups} />
              </>
            )}
          </Loaded>
        </section>
      </div>
    </Page>
  );
}

const partWord = (t: (key: string, fallback: { defaultValue: string }) => string, part: string): string =>
  t(`administer.system.parts.${part}`, { defaultValue: part });
