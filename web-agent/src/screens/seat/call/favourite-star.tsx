import { StarFilled, StarOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageWords } from '../../../components/use-page-words.js';
import { useChange } from '../../../session/use-server.js';

/** Marks favourites for transfers: they stand first in the list. */
export function FavouriteStar({
  favourite,
  name,
  marked,
}: {
  readonly favourite: string;
  readonly name: string;
  readonly marked: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const change = useChange('favourites');
  const worded = usePageWords();
  if (!worded) return null;
  return (
    <Button
      type="text"
      size="small"
      icon={marked ? <StarFilled /> : <StarOutlined />}
      aria-pressed={marked}
      aria-label={t('myCalls.favourite', { name })}
      title={t('myCalls.favourite', { name })}
      loading={change.isPending}
      onClick={() => change.mutate({ route: 'PUT /favourites/mine/:favourite', params: { favourite }, body: { marked: !marked } })}
      data-testid="favourite"
    />
  );
}
