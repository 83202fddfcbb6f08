import { Alert, Descriptions, Tag, Timeline } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { MovedClock } from './clock-moves.js';
import { wordOf } from '../registry/register-types.js';
import { provinces } from '../../../../services/shared/domain/numbers/province.js';
import { clockOf, needsEvidence, nextDuty, type Complaint } from './complaint.js';
import { useCaseNames } from './case-names.js';
import { CaseActions } from './case-actions.js';
import { CaseFileLink, LettersPanel } from './case-files.js';

/** One case: the next duty on top, one timeline for everything. */
export function CasePage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  useRefreshOn('complaints', ['complaint.']);
  const found = useRead('/complaints/:id', { params: { id } });
  return (
    <Page
      title={found.data?.number ?? t('complaints.case')}
      testId="case-page"
      actions={<Link to="/complaints">{t('complaints.title')}</Link>}
    >
      <Loaded query={found}>{(complaint) => <CaseBody complaint={complaint} />}</Loaded>
    </Page>
  );
}

function CaseBody({ complaint }: { readonly complaint: Complaint }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const clock = clockOf(complaint);
  const duty = nextDuty(complaint);
  const { personOf } = useCaseNames();
  function nameOf(id: string | undefined): string {
    if (id === undefined) return '–';
    if (id === 'complainant') return t('complaints.complainant');
    return id.startsWith('system:') ? t('complaints.bySystem') : personOf(id);
  }
  return (
    <div className="stack">
      {complaint.joinedInto !== undefined && (
        <Alert
          type="info"
          showIcon
          title={t('complaints.joinedInto')}
          action={<Link to={`/complaints/${complaint.joinedInto}`}>{t('complaints.joinedOpen')}</Link>}
        />
      )}
      {complaint.sending !== undefined && (
        <Alert
          type="info"
          showIcon
          title={t('complaints.sending', { to: complaint.sending.toMasked })}
          description={t('complaints.sendingHint')}
          data-testid="sending"
        />
      )}
      <Alert
        type={duty === 'done' ? 'success' : clock?.overdueAt === undefined ? 'info' : 'error'}
        showIcon
        data-testid="next-duty"
        data-duty={duty}
        title={t(`complaints.duties.${duty}`)}
        description={
          clock !== undefined && clock.stoppedAt === undefined ? (
            <>
              <span className="figures">
                {t('complaints.due')} {timeText(clock.dueAt)} · {t('complaints.target')} {timeText(clock.targetAt)}
              </span>
              <div>
                {clock.basis} {!clock.confirmed && <Tag color="gold">{t('complaints.unconfirmed')}</Tag>}
                {clock.provisionalYear !== undefined && (
                  <Tag color="gold">{t('complaints.provisional', { year: clock.provisionalYear })}</Tag>
                )}
              </div>
            </>
          ) : undefined
        }
      />
      {clock !== undefined && <MovedClock clock={clock} />}
      {may('complaints.work') && <CaseActions complaint={complaint} />}
      <FactsPanel complaint={complaint} nameOf={nameOf} />
      {complaint.evidence.length > 0 && <EvidencePanel complaint={complaint} nameOf={nameOf} />}
      <LettersPanel complaint={complaint} nameOf={nameOf} />
      <section className="panel">
        <h2>{t('calls.timeline')}</h2>
        <CaseTimeline complaint={complaint} nameOf={nameOf} />
      </section>
    </div>
  );
}

interface CasePanel {
  readonly complaint: Complaint;
  readonly nameOf: (id: string | undefined) => string;
}

function FactsPanel({ complaint, nameOf }: CasePanel): ReactNode {
  const { t, i18n } = useTranslation();
  const { unitOf } = useCaseNames();
  return (
    <section className="panel">
      <Descriptions
        size="small"
        column={{ xs: 1, md: 3 }}
        items={[
          { key: 'state', label: t('complaints.state'), children: <Tag>{t(`complaints.states.${complaint.state}`)}</Tag> },
          { key: 'kind', label: t('complaints.kind'), children: t(`complaints.kinds.${complaint.kind}`) },
          { key: 'source', label: t('complaints.source'), children: t(`complaints.sources.${complaint.source}`) },
          {
            key: 'who',
            label: t('complaints.complainant'),
            children: `${complaint.complainant.name ?? ''} ${complaint.complainant.numberMasked}`,
          },
          { key: 'received', label: t('complaints.received'), children: timeText(complaint.receivedAt) },
          { key: 'owner', label: t('complaints.owner'), children: nameOf(complaint.owner) },
          { key: 'against', label: t('complaints.against'), children: nameOf(complaint.againstAgentId) },
          {
            key: 'client',
            label: t('complaints.clientUnit'),
            children: complaint.clientUnit === undefined ? '–' : unitOf(complaint.clientUnit),
          },
          {
            key: 'province',
            label: t('complaints.province'),
            children: (
              <span data-testid="case-province">
                {wordOf(provinces[complaint.province] ?? { zh: complaint.province, en: complaint.province }, i18n.language)}
                {complaint.provinceFrom !== undefined && t(`complaints.provinceFrom.${complaint.provinceFrom}`)}
              </span>
            ),
          },
          ...(complaint.eventAt === undefined
            ? []
            : [{ key: 'event', label: t('complaints.eventAt'), children: timeText(complaint.eventAt) }]),
        ]}
      />
      <p className="case-text">{complaint.text}</p>
      {needsEvidence(complaint) && <p className="soft">{t('complaints.consentRule')}</p>}
      {complaint.againstAgentId !== undefined && <p className="soft">{t('complaints.noRetaliation')}</p>}
      {complaint.callIds.length > 0 && (
        <div className="row">
          <span className="soft">{t('complaints.calls')}</span>
          {complaint.callIds.map((callId) => (
            <Link key={callId} to={`/calls/${callId}`}>
              {callId.slice(0, 8)}
            </Link>
          ))}
        </div>
      )}
    </section>
  );
}

function EvidencePanel({ complaint, nameOf }: CasePanel): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <h2>{t('complaints.evidence')}</h2>
      <ul className="plain">
        {complaint.evidence.map(({ at, by, kind, text, file, callId }) => (
          <li key={`${at} ${kind}`}>
            <Tag color="green">{t(`complaints.evidenceKinds.${kind}`)}</Tag> {text}{' '}
            {file !== undefined && <CaseFileLink complaintId={complaint.id} file={file} />}
            {callId !== undefined && <Link to={`/calls/${callId}`}>{t('complaints.evidenceCall')}</Link>}{' '}
            <span className="soft figures">
              {nameOf(by)} · {timeText(at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The earlier kind or province, the reason, and the effect on the deadline. */
function Reclassified({ was, reason, due }: { readonly was: string } & Pick<Complaint['actions'][number], 'reason' | 'due'>): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <p className="soft">{t('complaints.rules.recount.was', { was })}</p>
      {reason !== undefined && <p className="case-text">{reason}</p>}
      {due !== undefined && (
        <p className="figures" data-testid="case-recounted">
          {t('complaints.rules.recount.due', { from: timeText(due.from), to: timeText(due.to) })}
        </p>
      )}
    </>
  );
}

function CaseTimeline({ complaint, nameOf }: { readonly complaint: Complaint; readonly nameOf: (id: string) => string }): ReactNode {
  const { t, i18n } = useTranslation();
  const provinceOf = (name: string): string => wordOf(provinces[name] ?? { zh: name, en: name }, i18n.language);
  const wordsOf = ({ what, text }: Complaint['actions'][number], answer: string | undefined): string | undefined => {
    if (answer !== undefined) return answer;
    if (text === undefined) return undefined;
    if (what === 'handed-over') return nameOf(text);
    if (what === 'letter-made') return t(`complaints.letterIn.${text}`);
    if (what === 'province-changed') return provinceOf(text);
    if (what === 'kind-changed') return t(`complaints.kinds.${text}`);
    if (what === 'answer-queued' || what === 'answered') return t(`complaints.hows.${text}`);
    return what === 'evidence-attached' ? t(`complaints.evidenceKinds.${text}`) : text;
  };
  const answers = new Map(complaint.answers.map((answer) => [answer.at, answer]));
  return (
    <Timeline
      items={[...complaint.actions].reverse().map((action, place) => {
        const answer = action.what === 'answered' ? answers.get(action.at) : undefined;
        return {
          key: `${action.at} ${place}`,
          color: action.what === 'overdue' || action.what === 'escalated' ? 'red' : 'blue',
          content: (
            <>
              <span className="figures soft">{timeText(action.at)}</span> <strong>{t(`complaints.actions.${action.what}`)}</strong>{' '}
              <span className="soft">{nameOf(action.by)}</span>
              {wordsOf(action, answer?.text) !== undefined && <p className="case-text">{wordsOf(action, answer?.text)}</p>}
              {action.was !== undefined && (
                <Reclassified
                  {...action}
                  was={action.what === 'kind-changed' ? t(`complaints.kinds.${action.was}`) : provinceOf(action.was)}
                />
              )}
            </>
          ),
        };
      })}
    />
  );
}
