import { App, Button, Checkbox, Dropdown, Input, Space, Table, Tag, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../../components/page.js';
import { sizeText, timeText } from '../../../components/time/times.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { NewPrompt, usePromptUpload } from './new-prompt.js';
import { PromptListen } from './prompt-listen.js';
import type { PromptEntry } from '../../../../../services/shared/contracts/api/calls/prompts.js';

type Prompt = PromptEntry;

/** The parts of spoken numbers, which nobody replaces one by one. */
const isDigit = (promptId: string): boolean => /^digit-\d+$/.test(promptId);

/** What callers hear: play, replace, restore. */
export default function PromptsPage(): ReactNode {
  const { t } = useTranslation();
  const prompts = useRead('/prompts');
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const [withDigits, setWithDigits] = useState(false);
  const wanted = text.trim().toLowerCase();
  const fits = ({ promptId, words }: Prompt): boolean =>
    wanted === '' ? withDigits || !isDigit(promptId) : `${promptId} ${words ?? ''}`.toLowerCase().includes(wanted);
  return (
    <Page
      title={t('library.prompts.title')}
      testId="prompts-page"
      actions={
        <>
          <Checkbox checked={withDigits} onChange={({ target }) => setWithDigits(target.checked)} data-testid="with-digits">
            {t('library.prompts.withDigits')}
          </Checkbox>
          <Input.Search
            allowClear
            placeholder={t('library.prompts.search')}
            aria-label={t('library.prompts.search')}
            value={text}
            onChange={({ target }) => setText(target.value)}
            data-testid="prompts-search"
          />
          <Button type="primary" onClick={() => setAdding(true)} data-testid="add-prompt">
            {t('library.prompts.add')}
          </Button>
        </>
      }
    >
      <Loaded query={prompts}>
        {({ prompts: rows }) => (
          <Table<Prompt>
            rowKey={({ language, promptId }) => `${language}/${promptId}`}
            size="small"
            pagination={{ pageSize: 25, hideOnSinglePage: true }}
            // A prompt stands in both languages one below the other.
            dataSource={rows.filter(fits).sort((a, b) => a.promptId.localeCompare(b.promptId))}
            columns={[
              {
                title: t('library.prompts.name'),
                className: 'one-line',
                dataIndex: 'promptId',
                sorter: (a, b) => a.promptId.localeCompare(b.promptId),
              },
              { title: t('library.prompts.language'), render: (_value, row) => t(`library.numbers.languages.${row.language}`) },
              {
                title: t('library.prompts.words'),
                className: 'prompt-words',
                render: (_value, { words }) => words ?? <span className="soft">–</span>,
              },
              {
                title: t('library.prompts.source'),
                render: (_value, row) => (
                  <Tag color={row.origin === 'site' ? 'blue' : 'default'}>
                    {row.origin === 'site' ? t('library.prompts.own') : t('library.prompts.shipped')}
                  </Tag>
                ),
              },
              {
                title: t('library.prompts.size'),
                align: 'right',
                render: (_value, row) => <span className="soft figures">{sizeText(row.sizeBytes)}</span>,
              },
              {
                title: t('library.prompts.changed'),
                render: (_value, row) => <span className="soft figures">{timeText(row.changedAt)}</span>,
              },
              { title: '', render: (_value, row) => <PromptActions prompt={row} /> },
            ]}
          />
        )}
      </Loaded>
      {adding && <NewPrompt known={prompts.data?.prompts ?? []} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function PromptActions({ prompt }: { readonly prompt: Prompt }): ReactNode {
  const { t } = useTranslation();
  const upload = usePromptUpload();
  const { message } = App.useApp();
  const change = useChange('prompts');

  const back = [
    ...prompt.versions.map((version) => ({
      key: String(version),
      label: t('library.prompts.restore', { version }),
      onClick: () =>
        change.mutate({
          route: 'POST /prompts/:language/:promptId/restore',
          params: { language: prompt.language, promptId: prompt.promptId },
          body: { version },
        }),
    })),
    ...(prompt.origin === 'site'
      ? [
          {
            key: 'remove',
            label: t('library.prompts.remove'),
            onClick: () =>
              change.mutate({
                route: 'DELETE /prompts/:language/:promptId',
                params: { language: prompt.language, promptId: prompt.promptId },
              }),
          },
        ]
      : []),
  ];
  return (
    <Space>
      <PromptListen language={prompt.language} promptId={prompt.promptId} />
      <Upload
        accept="audio/*"
        showUploadList={false}
        beforeUpload={(file) => {
          void upload(prompt, file).then((against) => {
            if (against !== undefined) void message.error(`${against} ${t('library.prompts.unchanged')}`, 10);
          });
          return false;
        }}
      >
        <Button size="small">{t('library.prompts.replace')}</Button>
      </Upload>
      {back.length > 0 && (
        <Dropdown autoFocus trigger={['click']} menu={{ items: back }}>
          <Button size="small">{t('shell.more')}</Button>
        </Dropdown>
      )}
    </Space>
  );
}
