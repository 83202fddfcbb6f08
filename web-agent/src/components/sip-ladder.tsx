import { Alert, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../session/api.js';
import { useAgentNames } from '../screens/seat/agent-names.js';
import './sip-ladder.css';

type Ladder = AnswerOf<'GET /calls/:callId/sip-trace'>;
type Message = Ladder['messages'][number];
type Mark = Ladder['marks'][number];
type Row = { readonly afterMs: number } & ({ readonly message: Message } | { readonly mark: Mark });

/** A control character of a message, made visible and without effect. */
const shown = (text: string): string => text.replace(/\r/g, '').replace(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

const FAILED = /^[3-6]\d\d /;

/**
 * SIP messages in order of time between lanes: a table, so that it reads the same without the picture. Each message opens by pointer and by
 * keyboard.
 */
export function SipLadder({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const [open, setOpen] = useState<Message | null>(null);
  const { legs, messages, marks } = ladder;
  const far = (direction: 'in' | 'out') => legs.flatMap((leg, place) => (leg.direction === direction ? [{ leg, place }] : []));
  const [before, behind] = [far('in'), far('out')];
  const farWords = ({ leg }: (typeof before)[number]): string => [leg.trunkId, leg.address ?? leg.transport].filter(Boolean).join(' ');
  const lanes = [...before.map(farWords), 'Proofline', ...(marks.length > 0 ? [t('sipTraces.seats')] : []), ...behind.map(farWords)];
  const own = before.length;
  const seats = own + 1;
  const laneOf = (place: number): number => {
    const at = before.findIndex((each) => each.place === place);
    return at >= 0 ? at : own + (marks.length > 0 ? 2 : 1) + behind.findIndex((each) => each.place === place);
  };
  const share = (lane: number): string => `${((lane + 0.5) / lanes.length) * 100}%`;
  const rows: Row[] = [
    ...messages.map((message) => ({ afterMs: message.afterMs, message })),
    ...marks.map((mark) => ({ afterMs: mark.afterMs, mark })),
  ].toSorted((a, b) => a.afterMs - b.afterMs);
  return (
    <div className="stack">
      <p className="soft">{t('sipTraces.seen')}</p>
      {legs
        .filter(({ lost }) => lost > 0)
        .map(({ legId, lost }) => (
          <Alert key={legId} type="warning" showIcon title={t('sipTraces.lost', { count: lost })} />
        ))}
      {/* A region that scrolls sideways on a telephone, by keyboard as well. */}
      <div className="sip-ladder" role="region" tabIndex={0} aria-label={t('sipTraces.ladder')} data-testid="sip-ladder">
        <table>
          <caption className="visually-hidden">{t('sipTraces.caption')}</caption>
          <thead>
            <tr>
              <th scope="col" className="at">
                {t('sipTraces.time')}
              </th>
              <th scope="col">
                <span className="visually-hidden">{t('sipTraces.exchange')}</span>
                <span className="lanes" aria-hidden>
                  {lanes.map((lane, place) => (
                    <span key={`${place} ${lane}`} className="lane">
                      {lane}
                    </span>
                  ))}
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>
                <th scope="row" className="at figures soft">
                  {row.afterMs.toFixed(0)}
                </th>
                <td>
                  <div className="lanes">
                    {lanes.map((lane, at) => (
                      <span key={`${at} ${lane}`} className="lane" aria-hidden />
                    ))}
                    {'message' in row ? passed(row.message) : marked(row.mark)}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Modal open={open !== null} title={t('sipTraces.message')} footer={null} onCancel={() => setOpen(null)} width={760} destroyOnHidden>
        <pre className="sip-message" data-testid="sip-message" tabIndex={0}>
          {shown(open?.text ?? '')}
        </pre>
      </Modal>
    </div>
  );

  function passed(message: Message): ReactNode {
    const lane = laneOf(message.leg);
    const [from, to] = message.way === 'in' ? [lane, own] : [own, lane];
    const left = share(Math.min(from, to));
    const width = `${(Math.abs(from - to) / lanes.length) * 100}%`;
    return (
      <div className={`pass ${to > from ? 'right' : 'left'} ${FAILED.test(message.label) ? 'bad' : ''}`} style={{ left, width }}>
        <button type="button" onClick={() => setOpen(message)}>
          <span className="visually-hidden">{t('sipTraces.passes', { from: lanes[from], to: lanes[to] })} </span>
          {message.label}
          {message.hasSdp ? ' (SDP)' : ''}
        </button>
      </div>
    );
  }

  function marked({ what, agentId }: Mark): ReactNode {
    return (
      <span className="mark" style={{ left: share(seats) }}>
        {t(`calls.marks.${what}`, { defaultValue: what })} {agentId === undefined ? '' : (names.get(agentId) ?? agentId)}
      </span>
    );
  }
}
