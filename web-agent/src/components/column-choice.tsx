import { SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProfile } from '../session/use-workplace.js';
import { hiddenOf, hiddenText } from './hidden-columns.js';

/** The columns that a person has hidden in a list, kept for that person on this computer. */
export function useHiddenColumns(list: string): readonly [ReadonlySet<string>, (hidden: ReadonlySet<string>) => void] {
  const { userId } = useProfile();
  const place = `proofline.columns.${userId}.${list}`;
  const [hidden, setHidden] = useState(() => hiddenOf(localStorage.getItem(place)));
  return [
    hidden,
    (next) => {
      setHidden(next);
      localStorage.setItem(place, hiddenText(next));
    },
  ];
}

/** Which columns of a list are shown. */
export function ColumnChoice({
  columns,
  hidden,
  onChange,
}: {
  readonly columns: readonly { readonly key: string; readonly label: string }[];
  readonly hidden: ReadonlySet<string>;
  readonly onChange: (hidden: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const boxes = (
    <Checkbox.Group
      className="column-choice"
      value={columns.map(({ key }) => key).filter((key) => !hidden.has(key))}
      options={columns.map(({ key, label }) => ({ value: key, label }))}
      onChange={(shown) => {
        const kept = new Set<string>(shown);
        const others = [...hidden].filter((key) => !columns.some((column) => column.key === key));
        onChange(new Set([...others, ...columns.map(({ key }) => key).filter((key) => !kept.has(key))]));
      }}
    />
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={boxes}>
      <Button icon={<SettingOutlined />} data-testid="choose-columns">
        {t('calls.list.columns')}
      </Button>
    </Popover>
  );
}
