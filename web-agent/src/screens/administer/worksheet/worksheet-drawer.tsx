import { Alert, App, Button, Checkbox, Input, Tabs } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { Field } from '../fields.js';
import type { QueueSettings } from '../queues/queue-settings.js';
import { FieldList } from './field-list.js';
import { ResultTree } from './result-tree.js';
import { coded, emptySheet, faultsOf, type Sheet } from './worksheet-edit.js';
import { nameOf } from '../../seat/queue-names.js';
import { FormDrawer } from '../../../components/form-drawer.js';

const LONGEST_SCRIPT = 10_000;

/** What agents of a queue see with the call: the script, its fields, and the results. */
export function WorksheetDrawer({ queue, onClose }: { readonly queue: QueueSettings; readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const sheets = useRead('/worksheets');
  const title = t('worksheet.title', { queue: nameOf(queue.name, i18n.language) });
  if (sheets.data === undefined)
    return (
      <FormDrawer open size={720} title={title} onClose={onClose}>
        <Loaded query={sheets}>{() => null}</Loaded>
      </FormDrawer>
    );
  const { queueId: _queue, ...sheet } = sheets.data.worksheets.find(({ queueId }) => queueId === queue.id) ?? {
    ...emptySheet,
    queueId: queue.id,
  };
  return <Editor title={title} queue={queue} before={sheet} onClose={onClose} />;
}

function Editor({
  title,
  queue,
  before,
  onClose,
}: {
  readonly title: string;
  readonly queue: QueueSettings;
  readonly before: Sheet;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [sheet, setSheet] = useState<Sheet>(before);
  const [forced, setForced] = useState(queue.wrapUp.untilDisposed);
  const [tried, setTried] = useState(false);
  const done = (): void => {
    void message.success(t('worksheet.saved'), 5);
    onClose();
  };
  const saveQueue = useChange('queues', done);
  const save = useChange('worksheets', () => {
    if (forced === queue.wrapUp.untilDisposed) {
      done();
      return;
    }
    const { id, ...rest } = queue;
    saveQueue.mutate({
      route: 'PUT /queues/:queueId',
      params: { queueId: id },
      body: { ...rest, wrapUp: { ...queue.wrapUp, untilDisposed: forced } },
    });
  });
  const faults = tried ? faultsOf(sheet) : [];
  const set = (part: Partial<Sheet>): void => setSheet((was) => ({ ...was, ...part }));

  function send(): void {
    setTried(true);
    if (faultsOf(sheet).length > 0) return;
    save.mutate({ route: 'PUT /worksheets/:queueId', params: { queueId: queue.id }, body: coded(sheet) });
  }

  return (
    <FormDrawer
      open
      size={720}
      title={title}
      onClose={onClose}
      extra={
        <Button type="primary" loading={save.isPending || saveQueue.isPending} onClick={send} data-testid="save-worksheet">
          {t('shell.save')}
        </Button>
      }
    >
      <div data-testid="worksheet">
        {faults.length > 0 && (
          <Alert
            type="error"
            showIcon
            title={faults.map((fault) => t(`worksheet.faults.${fault}`)).join(' ')}
            data-testid="worksheet-faults"
          />
        )}
        <Tabs
          items={[
            { key: 'script', label: t('worksheet.script'), children: <Script sheet={sheet} onChange={set} /> },
            {
              key: 'fields',
              label: t('worksheet.fields'),
              children: <FieldList fields={sheet.fields} tried={tried} onChange={(fields) => set({ fields })} />,
            },
            {
              key: 'results',
              label: t('worksheet.results'),
              children: (
                <div className="stack">
                  <Checkbox checked={forced} onChange={({ target }) => setForced(target.checked)} data-testid="result-forced">
                    {t('worksheet.forced')}
                  </Checkbox>
                  <ResultTree tree={sheet.dispositions} tried={tried} onChange={(dispositions) => set({ dispositions })} />
                </div>
              ),
            },
          ]}
        />
      </div>
    </FormDrawer>
  );
}

function Script({ sheet, onChange }: { readonly sheet: Sheet; readonly onChange: (part: Partial<Sheet>) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <span className="soft">{t('worksheet.scriptHint')}</span>
      {(['zh-CN', 'en'] as const).map((language) => (
        <Field key={language} label={t(`worksheet.languages.${language}`)}>
          {(id) => (
            <Input.TextArea
              id={id}
              rows={8}
              maxLength={LONGEST_SCRIPT}
              value={sheet.script[language]}
              onChange={({ target }) => onChange({ script: { ...sheet.script, [language]: target.value } })}
              data-testid={`script-${language}`}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
