import { Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceNumber } from '../../../../../services/shared/contracts/calls/flow.js';
import { useActorName } from '../../../components/names/actor-name.js';
import { timeText } from '../../../components/time/times.js';
import { useChange } from '../../../session/use-server.js';
import type { AnswerOf } from '../../../session/api.js';
import type { StoredFlow } from '../../../../../services/shared/contracts/api/calls/numbers.js';

export type FlowVersion = StoredFlow;

export type FlowVersions = AnswerOf<'GET /numbers/:number/flows'>;

/** All versions of a number's flow, the live one, and the rollback. */
export function FlowVersionList({
  number,
  read,
  shown,
  onShow,
}: {
  readonly number: ServiceNumber;
  readonly read: FlowVersions;
  readonly shown: number;
  readonly onShow: (version: FlowVersion) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { nameOf } = useActorName();
  const live = useChange('numbers');
  const goLive = (version: number): void =>
    live.mutate({ route: 'PUT /numbers/:number/flow', params: { number: number.number }, body: { version } });
  const previous = read.previous ?? undefined;
  return (
    <>
      <div className="row">
        <h2 className="grow">{t('library.flow.versions')}</h2>
        {previous !== undefined && previous !== read.live && (
          <Button danger loading={live.isPending} onClick={() => goLive(previous)} data-testid="roll-back">
            {t('flow.rollBack', { version: previous })}
          </Button>
        )}
      </div>
      <ul className="plain">
        {read.versions.map((version) => (
          <li key={version.version} className="row">
            <Button size="small" type={shown === version.version ? 'primary' : 'default'} onClick={() => onShow(version)}>
              {t('library.flow.version', { version: version.version })}
            </Button>
            {version.version === read.live ? (
              <Tag color="green">{t(number.status === 'in-service' ? 'library.flow.isLive' : 'library.flow.isCurrent')}</Tag>
            ) : (
              <Button size="small" loading={live.isPending} onClick={() => goLive(version.version)} data-testid={`live-${version.version}`}>
                {t('library.flow.live')}
              </Button>
            )}
            <span className="soft">
              {timeText(version.savedAt)} {nameOf(version.savedBy)} {version.note}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
