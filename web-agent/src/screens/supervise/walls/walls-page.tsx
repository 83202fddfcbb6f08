import { Button, Empty, Modal, Popconfirm } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Wall } from '../../../../../services/shared/contracts/queues/wall.js';
import { Loaded, Page } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { say } from '../../../session/notices.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { WallEditor } from './wall-editor.js';
import './walls.css';

/** The walls that a person has made: their layouts and their addresses. */
export default function WallsPage(): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/walls');
  const [edited, setEdited] = useState<Wall | 'new'>();
  const [token, setToken] = useState('');
  return (
    <Page
      title={t('walls.title')}
      testId="walls-page"
      actions={
        <>
          <Link to="/wallboard">{t('supervise.wallboard.title')}</Link>
          <Button type="primary" onClick={() => setEdited('new')} data-testid="wall-add">
            {t('walls.add')}
          </Button>
        </>
      }
    >
      <p className="soft">{t('walls.text')}</p>
      <Loaded query={read}>
        {({ walls }) => (
          <div className="stack">
            {walls.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('walls.empty')} />}
            {walls.map((wall) => (
              <WallLine key={wall.id} wall={wall} onEdit={() => setEdited(wall)} onToken={setToken} />
            ))}
          </div>
        )}
      </Loaded>
      {edited !== undefined && <WallEditor wall={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {token !== '' && <AddressOnce token={token} onClose={() => setToken('')} />}
    </Page>
  );
}

function WallLine({
  wall: { id, name, madeBy, own, addressSince },
  onEdit,
  onToken,
}: {
  readonly wall: Wall;
  readonly onEdit: () => void;
  readonly onToken: (token: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const make = useChange<'POST /walls/:wallId/address'>('walls', ({ token }) => onToken(token));
  const change = useChange('walls');
  const params = { wallId: id };
  const makeAddress = (): void => make.mutate({ route: 'POST /walls/:wallId/address', params });
  return (
    <section className="panel stack" data-testid={`wall-${id}`}>
      <strong>{name}</strong>
      <span className="soft">
        {t('walls.madeBy', { who: madeBy })} ·{' '}
        {addressSince === undefined ? t('walls.noAddress') : t('walls.addressSince', { at: timeText(addressSince) })}
      </span>
      <div className="row">
        {own && (
          <Button size="small" onClick={onEdit} data-testid="wall-edit">
            {t('walls.edit')}
          </Button>
        )}
        {own && addressSince === undefined && (
          <Button size="small" onClick={makeAddress} loading={make.isPending} data-testid="wall-address">
            {t('walls.newAddress')}
          </Button>
        )}
        {own && addressSince !== undefined && (
          <Popconfirm
            title={t('walls.newAddressSure')}
            okText={t('walls.newAddress')}
            cancelText={t('shell.cancel')}
            onConfirm={makeAddress}
          >
            <Button size="small" data-testid="wall-address">
              {t('walls.newAddress')}
            </Button>
          </Popconfirm>
        )}
        {addressSince !== undefined && (
          <Popconfirm
            title={t('walls.withdrawSure')}
            okText={t('walls.withdraw')}
            cancelText={t('shell.cancel')}
            onConfirm={() => change.mutate({ route: 'DELETE /walls/:wallId/address', params })}
          >
            <Button size="small" danger data-testid="wall-withdraw">
              {t('walls.withdraw')}
            </Button>
          </Popconfirm>
        )}
        <Popconfirm
          title={t('walls.removeSure')}
          okText={t('walls.remove')}
          cancelText={t('shell.cancel')}
          onConfirm={() => change.mutate({ route: 'DELETE /walls/:wallId', params })}
        >
          <Button size="small" danger data-testid="wall-remove">
            {t('walls.remove')}
          </Button>
        </Popconfirm>
      </div>
    </section>
  );
}

/** The address with its token: the server does not keep it, so it is shown only this once. */
function AddressOnce({ token, onClose }: { readonly token: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const address = `${window.location.origin}/wall#${token}`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      await say('error', t('walls.notCopied'));
      return;
    }
    await say('success', t('walls.copied'));
  };
  return (
    <Modal
      open
      title={t('walls.addressTitle')}
      closable={false}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={() => void copy()}>{t('walls.copy')}</Button>
          <Button type="primary" onClick={onClose} data-testid="wall-address-done">
            {t('walls.done')}
          </Button>
        </>
      }
    >
      <p>{t('walls.addressText')}</p>
      <code className="wall-token" data-testid="wall-address-text">
        {address}
      </code>
    </Modal>
  );
}
