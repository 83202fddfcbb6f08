import { Button, Select } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { helpReasons, type HelpReason } from '../../../../services/shared/domain/calls/help.js';
import { Elapsed } from '../../components/time/elapsed.js';
import { useChange, useRead, useRefreshOn } from '../../session/use-server.js';

const READ_AFTER_MS = 100;
/** How often to read again, in case a fact is lost on the way. */
const READ_AGAIN_MS = 30_000;

/** Asks supervisors for help with one key, and shows who is coming. `presses`: how often the key was pressed. */
export function HelpPanel({ presses }: { readonly presses: number }): ReactNode {
  const { t } = useTranslation();
  useRefreshOn('help', ['help.changed'], READ_AFTER_MS);
  const read = useRead('/help/mine', { everyMs: READ_AGAIN_MS });
  const change = useChange('help');
  const request = read.data?.request;
  const ask = (reason?: HelpReason): void => change.mutate({ route: 'POST /help/mine', body: reason === undefined ? {} : { reason } });
  const byKey = useRef(ask);
  byKey.current = ask;
  // The request goes out at once; what it is about is chosen afterwards, if at all.
  useEffect(() => {
    if (presses > 0) byKey.current();
  }, [presses]);
  return (
    <section className="panel stack" aria-label={t('help.mine.title')} data-testid="help-panel" data-open={request !== undefined}>
      {request === undefined ? (
        <Button danger loading={change.isPending} onClick={() => ask()} data-testid="ask-help">
          {t('help.mine.ask')} <kbd>S</kbd>
        </Button>
      ) : (
        <>
          <div role="status" data-testid="help-state" data-taken={request.takenBy !== undefined}>
            <strong>{request.takenBy === undefined ? t('help.mine.waits') : t('help.mine.coming', { who: request.takenBy.name })}</strong>{' '}
            <Elapsed sinceMs={Date.parse(request.at)} />
          </div>
          <div className="row">
            <Select<HelpReason>
              value={request.reason ?? null}
              onChange={ask}
              placeholder={t('help.mine.reason')}
              aria-label={t('help.mine.reason')}
              options={helpReasons.map((value) => ({ value, label: t(`help.reasons.${value}`) }))}
              popupMatchSelectWidth={false}
              data-testid="help-reason"
            />
            <Button onClick={() => change.mutate({ route: 'DELETE /help/mine' })} data-testid="withdraw-help">
              {t('help.mine.withdraw')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
