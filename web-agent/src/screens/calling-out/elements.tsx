import { DatePicker, Statistic, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { figureRegistry, shownFigure } from '../../../../services/shared/domain/figures/registry.js';
import { Loaded } from '../../components/page.js';
import { siteNow } from '../../components/time/site-days.js';
import { timeText } from '../../components/time/times.js';
import type { AnswerOf } from '../../session/api.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { WithdrawalBasis } from './withdrawal-basis.js';

type Failing = AnswerOf<'GET /outbound/elements'>['failing'][number];

/** The figure 四要素齐备率 of a day, and each outbound call that lacks one of the four. */
export function Elements(): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const [day, setDay] = useState<Dayjs>(() => siteNow());
  const read = useRead('/outbound/elements', { query: { date: day.format('YYYY-MM-DD') } });
  const { name, text } = figureRegistry.fourElements;
  const language = i18n.language.startsWith('zh') ? 'zh' : 'en';
  return (
    <section className="panel stack" data-testid="elements">
      <div className="row">
        <DatePicker
          value={day}
          allowClear={false}
          maxDate={siteNow()}
          aria-label={t('callingOut.elements.day')}
          onChange={(next) => next !== null && setDay(next)}
        />
      </div>
      <Loaded query={read}>
        {({ figure, failing, takenBack }) => (
          <>
            <Statistic
              title={name[language]}
              value={shownFigure('fourElements', figure)}
              suffix={
                figure.denominator === 0 ? undefined : (
                  <span className="soft">{t('callingOut.elements.of', { whole: figure.numerator, all: figure.denominator })}</span>
                )
              }
            />
            <span className="soft">{text[language]}</span>
            {takenBack.length > 0 && (
              <p className="row" data-testid="taken-back">
                <Tag color="gold">{t('callingOut.elements.takenBack')}</Tag>
                {takenBack.map(({ callId, consentTakenBackAt, numberMasked }) => (
                  <Link key={callId} className="figures" to={`/calls/${callId}`}>
                    {timeText(consentTakenBackAt)} {numberMasked}
                  </Link>
                ))}
                <WithdrawalBasis />
              </p>
            )}
            {failing.length === 0 ? (
              <p className="soft">{t(figure.denominator === 0 ? 'callingOut.elements.noCalls' : 'callingOut.elements.whole')}</p>
            ) : (
              <Table<Failing>
                rowKey="callId"
                size="middle"
                pagination={{ pageSize: 20, hideOnSinglePage: true }}
                scroll={{ x: 'max-content' }}
                dataSource={[...failing]}
                columns={[
                  {
                    title: t('callingOut.attempts.when'),
                    render: (_value, { at, callId }) => (
                      <Link className="figures" to={`/calls/${callId}`}>
                        {timeText(at)}
                      </Link>
                    ),
                  },
                  { title: t('calls.agent'), render: (_value, { agentId }) => names.get(agentId) ?? agentId },
                  { title: t('callingOut.number'), render: (_value, { numberMasked }) => <span className="figures">{numberMasked}</span> },
                  {
                    title: t('callingOut.elements.missing'),
                    render: (_value, { missing }) =>
                      missing.map((each) => (
                        <Tag key={each} color="red">
                          {t(`callingOut.elements.names.${each}`)}
                        </Tag>
                      )),
                  },
                ]}
              />
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
