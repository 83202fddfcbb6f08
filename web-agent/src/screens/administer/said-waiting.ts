import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { useReadAgain } from '../../session/use-server.js';

/** Handles the answer to a change of an account: says that the change waits for approval, if it does. */
export function useSaidWaiting(done?: () => void): (answer: { readonly waiting?: readonly string[] } | undefined) => void {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const readAgain = useReadAgain();
  return (answer) => {
    if ((answer?.waiting?.length ?? 0) > 0) {
      void message.info(t('security.changes.waits'), 8);
      void readAgain('account-changes');
    }
    done?.();
  };
}
