import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgentNames } from '../../seat/agent-names.js';
import { useQueueName } from '../../seat/queue-names.js';
import type { ShownCall } from './call-so-far.js';
import { journeyOf, placeOf, type JourneyBar, type JourneyLane } from './journey.js';
import './call-journey.css';

/** Time since the beginning of the call, to the millisecond: `1:02.345`. */
function sinceText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const rest = String(Math.max(0, ms) % 1_000).padStart(3, '0');
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}.${rest}`;
}

/** The whole call on one time axis: the caller, each visit to a queue, each agent, each number outside. */
export default function CallJourney({ call }: { readonly call: ShownCall }): ReactNode {
  const { t, i18n } = useTranslation();
  const [names, queueName] = [useAgentNames(), useQueueName(i18n.language)];
  const journey = journeyOf(call);
  const nameOf = ({ of, id }: JourneyLane): string =>
    of === 'caller'
      ? t('calls.caller', { context: call.direction })
      : of === 'queue'
        ? queueName(id)
        : of === 'agent'
          ? (names.get(id) ?? id)
          : id;
  const timesOf = ({ fromMs, toMs }: JourneyBar): string => `${sinceText(fromMs - journey.fromMs)} – ${sinceText(toMs - journey.fromMs)}`;
  return (
    <section className="panel stack" data-testid="call-journey">
      <h2>{t('calls.journey.title')}</h2>
      <p className="soft">{t('calls.journey.text')}</p>
      <div className="journey">
        {journey.lanes.map((lane, place) => (
          <div className="journey-lane" key={`${lane.of}|${lane.id}|${String(place)}`}>
            <div className="journey-name">
              {nameOf(lane)} <span className="soft">{t(`calls.journey.of.${lane.of}`)}</span>
            </div>
            <div className="journey-track" aria-hidden="true">
              {journey.marks.map((atMs, mark) => (
                <i
                  key={`${String(atMs)}|${String(mark)}`}
                  className="journey-mark"
                  style={{ left: `${String(placeOf(journey, atMs))}%` }}
                />
              ))}
              {lane.bars.map((bar) => {
                const left = placeOf(journey, bar.fromMs);
                return (
                  <span
                    key={`${bar.kind}|${String(bar.fromMs)}`}
                    className={`journey-bar journey-${lane.of}-${bar.kind}`}
                    style={{ left: `${String(left)}%`, width: `${String(Math.max(0.4, placeOf(journey, bar.toMs) - left))}%` }}
                  />
                );
              })}
            </div>
            <ul className="journey-times figures">
              {lane.bars.map((bar) => (
                <li key={`${bar.kind}|${String(bar.fromMs)}`}>
                  {t(`calls.journey.kinds.${bar.kind}`)} {timesOf(bar)}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
