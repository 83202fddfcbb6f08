import { ConfigProvider } from 'antd';
import type { ReactNode } from 'react';
import { useMay } from '../../session/use-workplace.js';

/** Forms that whoever may only look at the rules of calling out reads and does not change. */
export function ReadOnly({ children }: { readonly children: ReactNode }): ReactNode {
  const may = useMay();
  return <ConfigProvider componentDisabled={!may('outbound.edit')}>{children}</ConfigProvider>;
}
