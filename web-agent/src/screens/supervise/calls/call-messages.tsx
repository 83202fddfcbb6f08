import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChatLines } from '../../../components/chat/chat-lines.js';
import { NotRead } from '../../../components/page.js';
import { useExport } from '../../../components/use-export.js';
import { useRead, useRefreshOn } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';

/** What agents and supervisors wrote to each other while the call lasted, and the way to take it out. Absent when nothing was written. */
export function CallMessages({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const names = useAgentNames();
  const { session } = useApp();
  const save = useExport();
  useRefreshOn('calls', ['chat.sent']);
  const read = useRead('/calls/:callId/chat', { params: { callId }, enabled: may('calls.read') });
  const messages = read.data?.messages ?? [];
  if (read.isError && read.data === undefined)
    return (
      <section className="panel stack" aria-label={t('chat.ofCall')} data-testid="call-messages-failed">
        <h2>{t('chat.ofCall')}</h2>
        <NotRead query={read} />
      </section>
    );
  if (messages.length === 0) return null;
  return (
    <section className="panel stack" aria-label={t('chat.ofCall')} data-testid="call-messages">
      <div className="row">
        <h2 className="grow">{t('chat.ofCall')}</h2>
        <Button
          size="small"
          onClick={() => save(session.api.file('/calls/:callId/chat.csv', { params: { callId } }), `messages-${callId}.csv`)}
          data-testid="call-messages-export"
        >
          {t('chat.ofCallExport')}
        </Button>
      </div>
      <ChatLines messages={messages} nameOf={(agentId) => names.get(agentId)} />
    </section>
  );
}
