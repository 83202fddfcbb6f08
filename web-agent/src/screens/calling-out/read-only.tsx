import { ConfigProvider } from 'antd';
import type { ReactNode } from 'react';
import { useMay } from '../../session/use-workplace.js';

/** Forms for people who may read the outbound rules but not change them. */
export function ReadOnly({ children }: { readonly children: ReactNode }): ReactNode {
  const may = useMay();
  return <ConfigProvider componentDisabled={!may('outbound.edit')}>{children}</ConfigProvider>;
}
