import { Button, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CallPaperwork, Contact } from '../../../../../services/shared/contracts/workspace.js';
import { Loaded } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { listed } from '../../../i18n/language.js';
import { useRead, useRefreshOn } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { CustomerCases, CustomerFacts } from '../../customers/customer-facts.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { resultText } from '../../seat/after-call/result-choices.js';
import { nameOf, useQueueName } from '../../seat/queue-names.js';

/** How often to read again during the call: nothing is announced while an agent types. */
const READ_AGAIN_MS = 15_000;

/** What the agents of a call wrote, the complaints and callbacks that came of it, and the customer behind the number. */
export default function CallPaperworkPanel({ callId, open }: { readonly callId: string; readonly open: boolean }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  useRefreshOn('calls', ['contact.', 'complaint.']);
  const read = useRead('/calls/:callId/paperwork', { params: { callId }, ...(open ? { everyMs: READ_AGAIN_MS } : {}) });
  return (
    <section className="panel stack" aria-label={t('calls.paper.title')} data-testid="call-paperwork">
      <h2>{t('calls.paper.title')}</h2>
      <Loaded query={read}>{(paperwork) => <Written paperwork={paperwork} />}</Loaded>
      {may('customers.of-call') && <CustomerOfCall callId={callId} />}
    </section>
  );
}

function Written({ paperwork }: { readonly paperwork: CallPaperwork }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { written, worksheets, client, scripts, complaints, callbacks } = paperwork;
  return (
    <>
      {client !== null && client.name !== '' && (
        <div>
          <Tag color="blue">{t('contact.client')}</Tag> {client.name}
        </div>
      )}
      {written.length === 0 && <p className="soft">{t('calls.paper.none')}</p>}
      {written.map((contact) => (
        <WrittenBy
          key={contact.agentId}
          contact={contact}
          worksheet={
            worksheets.find(({ queueId }) => queueId === contact.queueId) ?? (contact.queueId === undefined ? worksheets[0] : undefined)
          }
        />
      ))}
      {scripts.map((shown) => (
        <Shown key={`${shown.scriptId} ${shown.agentId}`} shown={shown} />
      ))}
      {complaints.length > 0 && (
        <div className="row" data-testid="paperwork-complaints">
          <strong>{t('calls.paper.complaints')}</strong>
          {complaints.map(({ id, number }) => (
            <Tag key={id} color="red">
              {may('complaints.read') ? <Link to={`/complaints/${id}`}>{number}</Link> : number}
            </Tag>
          ))}
        </div>
      )}
      {callbacks.length > 0 && <Callbacks callbacks={callbacks} />}
    </>
  );
}

/** One agent's part: the result, the filled fields by their names, and the notes. */
function WrittenBy({
  contact,
  worksheet,
}: {
  readonly contact: Contact;
  readonly worksheet: CallPaperwork['worksheets'][number] | undefined;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const { agentId, queueId, disposition, fields, notes, completedAt, updatedAt } = contact;
  const filled = Object.entries(fields).filter(([, value]) => value !== '');
  const labelOf = (id: string): string => {
    const label = worksheet?.fields.find((field) => field.id === id)?.label;
    return label === undefined ? id : nameOf(label, i18n.language);
  };
  const result = resultText(worksheet ?? null, disposition, i18n.language);
  return (
    <div className="question" data-testid={`written-${agentId}`}>
      <div className="row">
        <strong>{names.get(agentId) ?? agentId}</strong>
        {queueId !== undefined && <span className="soft">{queueName(queueId)}</span>}
        {result === '' ? <span className="soft">{t('calls.paper.noResult')}</span> : <Tag color="blue">{result}</Tag>}
        <span className="soft figures">
          {t(completedAt === undefined ? 'calls.paper.writtenAt' : 'calls.paper.givenAt', { time: timeText(completedAt ?? updatedAt) })}
        </span>
      </div>
      {filled.length > 0 && (
        <dl className="facts">
          {filled.map(([id, value]) => (
            <Field key={id} label={labelOf(id)} value={value} />
          ))}
        </dl>
      )}
      <div className={notes === '' ? 'soft' : 'written'}>{notes === '' ? t('contact.nothingWritten') : notes}</div>
    </div>
  );
}

function Field({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** What an agent of a call out had on the screen to say, as it was worded then. */
function Shown({ shown }: { readonly shown: CallPaperwork['scripts'][number] }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const { scriptId, agentId, shownAt, at, of, name, greeting, script, fields } = shown;
  return (
    <details data-testid="shown-script" data-script={scriptId}>
      <summary>
        {t(`calls.paper.script.${of}`, { name })}{' '}
        <span className="soft figures">
          {t('calls.paper.script.version', { id: scriptId.slice(0, 8), since: timeText(at), who: names.get(agentId) ?? agentId })}{' '}
          {timeText(shownAt).slice(11)}
        </span>
      </summary>
      {greeting !== '' && <p>{t('contact.say', { greeting })}</p>}
      <div className="script-text">{nameOf(script, i18n.language)}</div>
      {fields.length > 0 && (
        <p className="soft">
          {listed(
            fields.map((label) => nameOf(label, i18n.language)),
            i18n,
          )}
        </p>
      )}
      <p className="soft figures">SHA-256 {scriptId}</p>
    </details>
  );
}

const stateColours = { open: 'blue', done: 'green', cancelled: 'default' } as const;

function Callbacks({ callbacks }: Pick<CallPaperwork, 'callbacks'>): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  return (
    <div data-testid="paperwork-callbacks">
      <strong>{t('calls.paper.callbacks')}</strong>
      <ul className="plain">
        {callbacks.map(({ id, dueAt, state, agentId, note, tries }) => (
          <li key={id} className="row">
            <Tag color={stateColours[state]}>{t(`calls.paper.states.${state}`)}</Tag>
            <span className="figures">{timeText(dueAt).slice(0, 16)}</span>
            <span>{agentId === undefined ? t('calls.paper.anybody') : (names.get(agentId) ?? agentId)}</span>
            {note !== '' && <span className="written">{note}</span>}
            {tries.map((tried) => (
              <Link key={tried.callId} to={`/calls/${tried.callId}`} className="figures">
                {t('calls.paper.tried', { time: timeText(tried.at).slice(0, 16) })}
              </Link>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Read only when asked for: each customer that a person opens is counted against copying the list. */
function CustomerOfCall({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const read = useRead('/calls/:callId/customer', { params: { callId }, enabled: shown });
  if (!shown)
    return (
      <div>
        <Button size="small" onClick={() => setShown(true)} data-testid="show-customer">
          {t('calls.paper.showCustomer')}
        </Button>
      </div>
    );
  return (
    <Loaded query={read}>
      {({ known, customer, fields, consents, complaints }) =>
        customer === null ? (
          <p className="soft">{t(known ? 'customers.seat.none' : 'customers.seat.withheld')}</p>
        ) : (
          <div className="stack" data-testid="customer-of-call">
            <strong>{customer.name}</strong>
            <CustomerFacts customer={customer} fields={fields} />
            <CustomerCases consents={consents} complaints={complaints} />
          </div>
        )
      }
    </Loaded>
  );
}
