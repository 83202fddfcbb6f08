import { Empty, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../../components/page.js';
import { unsaved } from '../../session/unsaved.js';
import { useRead } from '../../session/use-server.js';
import { FlowEditor } from './flow/flow-editor.js';

/** The flows of the numbers, one at a time. */
export default function FlowsPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const numbers = useRead('/numbers');
  const list = numbers.data?.numbers ?? [];
  const chosen = list.find(({ number }) => number === address.get('number')) ?? list[0];
  return (
    <Page
      title={t('library.flow.title')}
      testId="flows-page"
      actions={
        <Select
          className="number-choice"
          aria-label={t('library.flow.choose')}
          {...(chosen === undefined ? {} : { value: chosen.number })}
          onChange={(number) => unsaved.leave(() => setAddress({ number }))}
          options={list.map(({ number, name }) => ({ value: number, label: `${number} ${name}` }))}
        />
      }
    >
      {chosen === undefined ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('library.numbers.empty')} />
      ) : (
        <FlowEditor
          key={chosen.number}
          number={chosen}
          drafts={list.filter(({ number, status }) => status === 'draft' && number !== chosen.number)}
        />
      )}
    </Page>
  );
}
