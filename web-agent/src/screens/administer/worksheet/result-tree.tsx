import { ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Disposition } from '../../../../../services/shared/contracts/workspace.js';
import { Names } from './names.js';
import { LEVELS, raised, renamed, withoutResult, withResult, type Way } from './worksheet-edit.js';

interface TreeProps {
  readonly tree: readonly Disposition[];
  readonly tried: boolean;
  readonly onChange: (tree: Disposition[]) => void;
}

/** The results to choose from: only entries without entries below can be chosen. */
export function ResultTree(props: TreeProps): ReactNode {
  const { t } = useTranslation();
  const { tree, onChange } = props;
  return (
    <>
      <span className="soft">{t(tree.length === 0 ? 'worksheet.noResults' : 'worksheet.resultsHint')}</span>
      <Level {...props} list={tree} way={[]} />
      <div>
        <Button onClick={() => onChange(withResult(tree, []))} data-testid="add-result">
          {t('worksheet.addResult')}
        </Button>
      </div>
    </>
  );
}

function Level({ list, way, ...props }: TreeProps & { readonly list: readonly Disposition[]; readonly way: Way }): ReactNode {
  const { t } = useTranslation();
  const { tree, tried, onChange } = props;
  return (
    <ul className={way.length === 0 ? 'plain results' : 'plain below'}>
      {list.map(({ code, name, children }, at) => {
        const here = [...way, at];
        const place = here.join('-');
        return (
          <li key={code === '' ? place : code}>
            <div className="row" data-testid={`result-${place}`}>
              <Names name={name} tried={tried} testId={`name-${place}`} onChange={(next) => onChange(renamed(tree, here, next))} />
              {here.length < LEVELS && (
                <Button
                  size="small"
                  icon={<PlusOutlined />}
                  aria-label={t('worksheet.addBelow')}
                  title={t('worksheet.addBelow')}
                  onClick={() => onChange(withResult(tree, here))}
                  data-testid={`below-${place}`}
                />
              )}
              <Button
                size="small"
                icon={<ArrowUpOutlined />}
                disabled={at === 0}
                aria-label={t('worksheet.up')}
                title={t('worksheet.up')}
                onClick={() => onChange(raised(tree, here))}
              />
              <Button
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t('shell.remove')}
                title={t('shell.remove')}
                onClick={() => onChange(withoutResult(tree, here))}
              />
            </div>
            {children.length > 0 && <Level {...props} list={children} way={here} />}
          </li>
        );
      })}
    </ul>
  );
}
