import { Alert, Button, Empty } from 'antd';
import type { UseQueryResult } from '@tanstack/react-query';
import { Component, type ComponentType, type ReactNode } from 'react';
import { useTranslation, withTranslation, type WithTranslation } from 'react-i18next';
import { useFailureWords } from '../session/use-server.js';

/** The header and body of a page: one title, with the page's own actions beside it. */
export function Page({
  title,
  actions,
  children,
  testId,
}: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly testId: string;
}): ReactNode {
  return (
    <section className="page" data-testid={testId}>
      <header className="page-head">
        <h1>{title}</h1>
        <div className="page-actions">{actions}</div>
      </header>
      {children}
    </section>
  );
}

/** A page that can only show the reason why it is empty, and the next step. */
export function PageNote({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action: ReactNode;
}): ReactNode {
  return (
    <section className="panel page-note stack">
      <h1>{title}</h1>
      <p className="soft">{text}</p>
      <div>{action}</div>
    </section>
  );
}

/** The place of what is being read: bars as high as lines, so that the page does not jump when it comes. */
export function Skeleton({ words }: { readonly words?: string }): ReactNode {
  return (
    <div className="skeleton" role="status" aria-label={words} aria-busy="true">
      <i />
      <i />
      <i />
      <i />
    </div>
  );
}

/** Why something could not be read, and the way to try again. Nothing while it is being read, or once it has been. */
export function NotRead({ query }: { readonly query: Pick<UseQueryResult, 'isError' | 'data' | 'error' | 'refetch'> }): ReactNode {
  const { t } = useTranslation();
  const wordsOf = useFailureWords();
  if (!query.isError || query.data !== undefined) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={wordsOf(query.error)}
      action={
        <Button size="small" onClick={() => void query.refetch()}>
          {t('shell.retry')}
        </Button>
      }
      data-testid="not-read"
    />
  );
}

/** The data, or a clear message while there is none: loading, failed with the next step, or empty with what to do. */
export function Loaded<T>({
  query,
  children,
  empty,
  isEmpty,
}: {
  readonly query: UseQueryResult<T>;
  readonly children: (value: T) => ReactNode;
  readonly empty?: ReactNode;
  readonly isEmpty?: (value: T) => boolean;
}): ReactNode {
  const { t } = useTranslation();
  if (query.isPending) return <Skeleton words={t('shell.loading')} />;
  if (query.isError && query.data === undefined) return <NotRead query={query} />;
  if (query.data === undefined) return null;
  if (isEmpty?.(query.data) === true) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty ?? t('shell.empty')} />;
  return children(query.data);
}

class Fence extends Component<WithTranslation & { readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    const { t, children } = this.props;
    if (!this.state.failed) return children;
    return (
      <Alert
        className="page-crash"
        type="error"
        showIcon
        title={t('shell.crash.title')}
        description={t('shell.crash.text')}
        action={<Button onClick={() => this.setState({ failed: false })}>{t('shell.crash.again')}</Button>}
      />
    );
  }
}

/** Limits an error to its page: the phone strip beside it keeps working. */
export const PageFence: ComponentType<{ readonly children: ReactNode }> = withTranslation()(Fence);
