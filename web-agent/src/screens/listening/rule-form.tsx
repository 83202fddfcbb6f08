import { App, Button, Input, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListeningRule, RuleText } from '../../../../services/shared/contracts/api/calls/supervision.js';
import {
  listeningNotices,
  withoutAcknowledgement,
  type ListeningNotice,
  type WithoutAcknowledgement,
} from '../../../../services/shared/domain/calls/listening.js';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay, useWholeSite } from '../../session/use-workplace.js';

const LEAST_TEXT = 20;
const LEAST_DOCUMENT = 3;

/** Whether and when agents are notified, what applies without an acknowledgement, and the text that agents acknowledge. */
export function RuleForm(): ReactNode {
  const read = useRead('/listening/rule');
  return <Loaded query={read}>{(rule) => <Fields key={rule.revision} rule={rule} />}</Loaded>;
}

function Fields({ rule }: { readonly rule: ListeningRule }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const may = useMay();
  const wholeSite = useWholeSite();
  const [notice, setNotice] = useState<ListeningNotice>(rule.notice);
  const [document, setDocument] = useState(rule.document ?? '');
  const [without, setWithout] = useState<WithoutAcknowledgement>(rule.withoutAcknowledgement);
  const [text, setText] = useState(rule.text);
  const save = useChange('listening', () => void message.success(t('shell.saved')));
  const mayEdit = may('listening.edit') && wholeSite;
  const lacksDocument = notice === 'never' && document.trim().length < LEAST_DOCUMENT;
  const isShort = text.en.trim().length < LEAST_TEXT || text['zh-CN'].trim().length < LEAST_TEXT;
  return (
    <section className="panel stack narrow" data-testid="listening-rule-form">
      <p className="soft">{t(mayEdit ? 'listening.rule.hint' : 'listening.rule.readOnly')}</p>
      <h2 id="listening-notice">{t('listening.rule.notice')}</h2>
      <Radio.Group
        aria-labelledby="listening-notice"
        disabled={!mayEdit}
        value={notice}
        onChange={({ target }) => setNotice(target.value as ListeningNotice)}
        options={listeningNotices.map((value) => ({
          value,
          label: <span data-testid={`notice-${value}`}>{t(`listening.notices.${value}`)}</span>,
        }))}
      />
      <p className="soft">{t(`listening.rule.noticeHints.${notice}`)}</p>
      {notice === 'never' && (
        <>
          <Input
            value={document}
            maxLength={200}
            readOnly={!mayEdit}
            status={lacksDocument ? 'error' : ''}
            aria-label={t('listening.rule.document')}
            placeholder={t('listening.rule.document')}
            onChange={({ target }) => setDocument(target.value)}
            data-testid="listening-document"
          />
          {lacksDocument && <p className="bad">{t('listening.rule.documentNeeded')}</p>}
        </>
      )}
      <h2 id="listening-without">{t('listening.rule.without')}</h2>
      <Radio.Group
        aria-labelledby="listening-without"
        disabled={!mayEdit}
        value={without}
        onChange={({ target }) => setWithout(target.value as WithoutAcknowledgement)}
        options={withoutAcknowledgement.map((value) => ({
          value,
          label: <span data-testid={`without-${value}`}>{t(`listening.rule.withouts.${value}`)}</span>,
        }))}
      />
      <Texts text={text} onChange={setText} mayEdit={mayEdit} />
      {isShort && <p className="bad">{t('listening.rule.tooShort')}</p>}
      <p className="soft">
        {t('listening.rule.textHint', { version: rule.textVersion })}
        {rule.changedBy !== undefined && ` ${t('listening.rule.changedBy', { by: rule.changedBy })}`}
      </p>
      {mayEdit && (
        <div>
          <Button
            type="primary"
            disabled={lacksDocument || isShort}
            loading={save.isPending}
            onClick={() =>
              save.mutate({
                route: 'PUT /listening/rule',
                body: {
                  notice,
                  withoutAcknowledgement: without,
                  text,
                  revision: rule.revision,
                  ...(notice === 'never' ? { document: document.trim() } : {}),
                },
              })
            }
            data-testid="save-listening-rule"
          >
            {t('shell.save')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Texts({
  text,
  onChange,
  mayEdit,
}: {
  readonly text: RuleText;
  readonly onChange: (text: RuleText) => void;
  readonly mayEdit: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (['zh-CN', 'en'] as const).map((language) => {
    const label = t(language === 'en' ? 'listening.rule.textEn' : 'listening.rule.textZh');
    return (
      <div key={language} className="stack">
        <h2>{label}</h2>
        <Input.TextArea
          lang={language}
          value={text[language]}
          maxLength={4_000}
          autoSize={{ minRows: 4, maxRows: 16 }}
          // People who may not change the text must still read it, and a disabled field is pale.
          readOnly={!mayEdit}
          aria-label={label}
          onChange={({ target }) => onChange({ ...text, [language]: target.value })}
          data-testid={`listening-text-${language}`}
        />
      </div>
    );
  });
}
