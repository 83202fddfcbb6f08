import { App } from 'antd';
import type { useAppProps } from 'antd/es/app/context.js';
import { useEffect, type ReactNode } from 'react';

/** Where the kit draws short messages and questions; hands the means to show them to `onCame`. */
export function NoticeHolders({ onCame }: { readonly onCame: (kit: useAppProps) => void }): ReactNode {
  return (
    <App component={false}>
      <HandUp onCame={onCame} />
    </App>
  );
}

function HandUp({ onCame }: { readonly onCame: (kit: useAppProps) => void }): ReactNode {
  const kit = App.useApp();
  useEffect(() => onCame(kit), [kit, onCame]);
  return null;
}
