import KitContext, { type useAppProps } from 'antd/es/app/context.js';
import useStyle from 'antd/es/app/style/index.js';
import { use, useCallback, useState, type ReactNode } from 'react';
import { later } from '../components/later.js';
import { noticesCame } from '../session/notices.js';

const Holders = later(() => import('./notice-holders.js').then(({ NoticeHolders }) => NoticeHolders));

/** The kit's short messages and questions over the page. The code that draws them loads after the seat, which does not need it to ring. */
export function Notices({ children }: { readonly children: ReactNode }): ReactNode {
  const none = use(KitContext);
  const [kit, setKit] = useState<useAppProps>(none);
  const [hash, variables] = useStyle('ant-app');
  const came = useCallback((next: useAppProps) => {
    setKit(next);
    noticesCame(next);
  }, []);
  return (
    <KitContext value={kit}>
      <div className={`ant-app ${hash} ${variables}`}>
        <Holders onCame={came} />
        {children}
      </div>
    </KitContext>
  );
}
