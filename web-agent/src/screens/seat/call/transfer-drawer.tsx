import { MessageOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Empty, Input, Space, Tag } from 'antd';
import { lazy, Suspense, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCall } from '../../../../../services/shared/contracts/calls/commands.js';
import { FREE_REASON } from '../../../../../services/shared/domain/calls/dial-permit.js';
import { AgentStateTag } from '../../../components/names/agent-state-tag.js';
import { loadPageWords } from '../../../i18n/language.js';
import { useDraft, useMay, usePhone, useProfile } from '../../../session/use-workplace.js';
import { useRead } from '../../../session/use-server.js';
import { enterDoes, findTargets, forConference, TYPED_NUMBER, type DirectoryEntry } from './directory.js';
import { FavouriteStar } from './favourite-star.js';

const FreeDialReason = lazy(async () => (await Promise.all([import('./free-dial-reason.js'), loadPageWords()]))[0]);

const FreeDial = (props: Parameters<typeof FreeDialReason>[0]): ReactNode => (
  <Suspense fallback={null}>
    <FreeDialReason {...props} />
  </Suspense>
);

const LONGEST_NOTE = 200;

type Asked = 'call:consult' | 'call:transfer';

/** A search over seats, queues and numbers with their live states. Enter consults, Shift+Enter transfers at once. */
export function TransferDrawer({
  call,
  open,
  onClose,
  conference,
}: {
  readonly call: LiveCall;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly conference: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const { seat, phone } = usePhone();
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const [sending, setSending] = useState('');
  const [reason, setReason] = useState('');
  const [refused, setRefused] = useState('');
  // Begins with what is written already, which the colleague has to know.
  const [note, setNote] = useState(useDraft(call.callId)?.written.entry.notes.slice(0, LONGEST_NOTE) ?? '');
  const busy = phone.asking === 'call:consult' || phone.asking === 'call:transfer';
  const { listed, found, favourites, isFree } = useTargets(text, open, conference);
  const chosen = found[Math.min(marked, found.length - 1)];
  const lacksReason = (entry: DirectoryEntry): boolean => isFree(entry) && reason.trim().length < FREE_REASON.least;

  async function send(entry: DirectoryEntry, name: Asked): Promise<void> {
    if (busy || lacksReason(entry)) return;
    setSending(`${entry.key} ${name}`);
    setRefused('');
    const ack = await seat?.ask(name, {
      callId: call.callId,
      target: entry.target,
      ...(note.trim() === '' ? {} : { note: note.trim() }),
      ...(isFree(entry) ? { freeReason: reason.trim() } : {}),
    });
    if (ack?.ok === true) {
      setReason('');
      setText('');
      setNote('');
      onClose();
    } else if (ack !== undefined) setRefused(ack.code);
  }

  function pressed(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setMarked((at) => Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setMarked((at) => Math.max(0, at - 1));
    else if (event.key === 'Enter') {
      const name = chosen === undefined ? undefined : enterDoes(chosen, { shift: event.shiftKey, conference });
      if (chosen !== undefined && name !== undefined) void send(chosen, name);
    } else return;
    event.preventDefault();
  }

  return (
    <Drawer title={conference ? t('seat.conference') : t('seat.transferTitle')} open={open} onClose={onClose} size={440} destroyOnHidden>
      <div className="stack" data-testid="transfer-sheet">
        <Input
          autoFocus
          value={text}
          aria-label={t('seat.transferSearch')}
          placeholder={t('seat.transferSearch')}
          onChange={({ target }) => {
            setText(target.value);
            setReason('');
            setRefused('');
            setMarked(0);
          }}
          onKeyDown={pressed}
          data-testid="transfer-search"
        />
        <Input
          value={note}
          maxLength={LONGEST_NOTE}
          prefix={<MessageOutlined />}
          aria-label={t('handOver.note')}
          placeholder={t('handOver.noteHint')}
          onChange={({ target }) => setNote(target.value)}
          onKeyDown={pressed}
          data-testid="transfer-note"
        />
        {!conference && <div className="soft">{t('seat.transferHint')}</div>}
        {refused !== '' && <Refused code={refused} />}
        {found.some(isFree) && <FreeDial reason={reason} onReason={setReason} />}
        {listed && found.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('seat.noTargets')} />}
        <TargetList
          found={found}
          chosen={chosen}
          conference={conference}
          favourites={favourites}
          isDisabled={lacksReason}
          waitsFor={(entry, name) => busy && sending === `${entry.key} ${name}`}
          onSend={(entry, asked) => void send(entry, asked)}
        />
      </div>
    </Drawer>
  );
}

/** The drawer covers the banner of the page: on a telephone nothing of it can be seen. */
function Refused({ code }: { readonly code: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const words = i18n.exists(`failures.${code}`) ? t(`failures.${code}`) : t('failures.internal');
  return <Alert type="error" showIcon role="alert" title={words} data-testid="transfer-refused" data-code={code} />;
}

function TargetList({
  found,
  chosen,
  conference,
  favourites,
  isDisabled,
  waitsFor,
  onSend,
}: {
  readonly found: readonly DirectoryEntry[];
  readonly chosen: DirectoryEntry | undefined;
  readonly conference: boolean;
  readonly favourites: readonly string[];
  readonly isDisabled: (entry: DirectoryEntry) => boolean;
  readonly waitsFor: (entry: DirectoryEntry, name: Asked) => boolean;
  readonly onSend: (entry: DirectoryEntry, name: Asked) => void;
}): ReactNode {
  return (
    <ul className="targets">
      {found.map((entry) => (
        <li key={entry.key} data-testid={`target-${entry.key}`} data-marked={entry === chosen}>
          <span className="star">
            {entry.favourite !== undefined && (
              <FavouriteStar favourite={entry.favourite} name={entry.label} marked={favourites.includes(entry.favourite)} />
            )}
          </span>
          <TargetLine entry={entry} />
          <TargetActions
            entry={entry}
            conference={conference}
            disabled={isDisabled(entry)}
            waitsFor={(name) => waitsFor(entry, name)}
            onSend={(name) => onSend(entry, name)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Where the call may go; `isFree`: a number on no register, for people who may dial it with a reason. */
function useTargets(text: string, open: boolean, conference: boolean) {
  const { i18n } = useTranslation();
  const { userId } = useProfile();
  const mayFreely = useMay()('outbound.free-dial');
  const agents = useRead('/agents/board', { enabled: open, everyMs: 2_000 });
  const queues = useRead('/queues/board', { enabled: open, everyMs: 2_000 });
  const outside = useRead('/outbound/destinations', { enabled: open });
  const favourites = useRead('/favourites/mine', { enabled: open }).data?.favourites ?? [];
  const listed = agents.data !== undefined && queues.data !== undefined;
  const targets = findTargets(text, {
    agents: agents.data?.agents ?? [],
    queues: queues.data?.queues ?? [],
    outside: outside.data?.destinations ?? [],
    favourites,
    self: userId,
    language: i18n.language,
  });
  return {
    listed,
    favourites,
    // Enter takes the first line: while only queues are loaded, that would be another one than a moment later.
    found: !listed ? [] : conference ? forConference(targets) : targets,
    // Until the register is loaded, nobody knows which numbers are on it.
    isFree: ({ key }: DirectoryEntry): boolean => mayFreely && key === TYPED_NUMBER && outside.data !== undefined,
  };
}

function TargetActions({
  entry,
  conference,
  disabled,
  waitsFor,
  onSend,
}: {
  readonly entry: DirectoryEntry;
  readonly conference: boolean;
  readonly disabled: boolean;
  readonly waitsFor: (name: Asked) => boolean;
  readonly onSend: (name: Asked) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Space wrap>
      {entry.target.to !== 'queue' && (
        <Button
          size="small"
          type="primary"
          disabled={disabled}
          loading={waitsFor('call:consult')}
          onClick={() => onSend('call:consult')}
          data-testid="consult"
        >
          {t('seat.consult')}
        </Button>
      )}
      {!conference && (
        <Button
          size="small"
          type={entry.target.to === 'queue' ? 'primary' : 'default'}
          disabled={disabled}
          loading={waitsFor('call:transfer')}
          onClick={() => onSend('call:transfer')}
          data-testid="blind"
        >
          {t('seat.blind')}
        </Button>
      )}
    </Space>
  );
}

function TargetLine({ entry }: { readonly entry: DirectoryEntry }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="target-line">
      <Tag>{t(`seat.target.${entry.target.to}`)}</Tag>
      <span>{entry.label}</span>
      {entry.agent !== undefined && <AgentStateTag state={entry.agent.state} />}
      {entry.queue !== undefined && <span className="soft">{t('seat.waiting', { count: entry.queue.waiting })}</span>}
    </span>
  );
}
