import { Popover, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';
import type { AnswerOf } from '../../../session/api.js';

type TrunkState = AnswerOf<'GET /trunks/state'>['trunks'][number];
type Way = TrunkState['ways'][number];

const REFRESH_EVERY_MS = 5_000;
const COLOURS = { up: 'green', 'no-options': 'gold', down: 'red', unknown: 'default' } as const;
/** The number that can be read at a glance. */
const SHOWN_CHANGES = 20;

/** The trunks in telephony, by id; `isAway` while it does not answer. */
export function useTrunkStates(): { readonly byId: ReadonlyMap<string, TrunkState>; readonly isAway: boolean } {
  const { data, isError } = useRead('/trunks/state', { everyMs: REFRESH_EVERY_MS });
  return { byId: new Map((isError ? [] : (data?.trunks ?? [])).map((state) => [state.trunkId, state])), isAway: isError };
}

/** An address, or the servers that its domain leads to. */
export function AddressCell({ uri, ways }: { readonly uri: string; readonly ways: readonly Way[] }): ReactNode {
  const isDomain = ways.some((way) => !uri.replace(/^sips?:/, '').startsWith(way.uri.split(';', 1)[0] ?? ''));
  if (!isDomain) return <WayCell uri={uri} way={ways[0]} />;
  return (
    <div>
      {uri}
      {ways.map((way) => (
        <div key={way.uri} style={{ paddingInlineStart: 16 }}>
          <WayCell uri={way.uri} way={way} />
        </div>
      ))}
    </div>
  );
}

/** An address with its state; its history in a box that opens by pointer and by keyboard. */
function WayCell({ uri, way }: { readonly uri: string; readonly way: Way | undefined }): ReactNode {
  const { t } = useTranslation();
  if (way === undefined) return <div>{uri}</div>;
  const history = (
    <ul>
      {way.history.slice(-SHOWN_CHANGES).map(({ state, from }) => (
        <li key={from}>
          {timeText(from)} {t(`library.trunks.ways.${state}`)}
        </li>
      ))}
      <li>
        {timeText(way.since)} {t(`library.trunks.ways.${way.state}`)}
      </li>
    </ul>
  );
  return (
    <div>
      {uri}{' '}
      <Popover title={t('library.trunks.history')} content={history} trigger={['hover', 'focus']}>
        <Tag tabIndex={0} color={COLOURS[way.state]} data-testid={`way-${way.state}`}>
          {t(`library.trunks.ways.${way.state}`)}
        </Tag>
      </Popover>
    </div>
  );
}

/** The number of calls of a trunk out of its limit, and whether the carrier accepts its registration. */
export function LoadCell({ state }: { readonly state: TrunkState | undefined }): ReactNode {
  const { t } = useTranslation();
  if (state === undefined) return '—';
  const { calls, channels, waiting, refused, registration } = state;
  return (
    <>
      <div data-testid={`trunk-calls-${state.trunkId}`}>{channels === undefined ? calls : `${String(calls)} / ${String(channels)}`}</div>
      {waiting > 0 && <div>{t('library.trunks.waiting', { count: waiting })}</div>}
      {refused > 0 && <div>{t('library.trunks.refused', { count: refused })}</div>}
      {registration !== undefined && registration !== 'registered' && <Tag color="red">{t('library.trunks.notRegistered')}</Tag>}
    </>
  );
}
