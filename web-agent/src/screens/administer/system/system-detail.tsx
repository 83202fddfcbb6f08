import { Tag } from 'antd';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sizeText, timeText } from '../../../components/time/times.js';

interface RunningProcess {
  readonly name: string;
  readonly pid: number;
}

/** The facts that a part reports, each with its name; processes as a row of names, addresses one below the other. */
export function SystemDetail({ value }: { readonly value: unknown }): ReactNode {
  const { t } = useTranslation();
  if (typeof value !== 'object' || value === null) return String(value);
  const facts = Object.entries(value as Readonly<Record<string, unknown>>).filter(
    ([name, fact]) => name !== 'ok' && fact !== null && !unsaid.has(name) && !(Array.isArray(fact) && fact.length === 0),
  );
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, fact]) => (
        <Fragment key={name}>
          <dt>{t(`administer.system.facts.${name}`, { defaultValue: name })}</dt>
          <dd>
            <Fact name={name} fact={fact} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Shown elsewhere on the page, or not useful. */
const unsaid = new Set(['ports', 'env', 'supervisorPid']);

function Fact({ name, fact }: { readonly name: string; readonly fact: unknown }): ReactNode {
  const { t } = useTranslation();
  const wordOf = (area: 'processNames' | 'urlNames' | 'layouts' | 'isolations', code: string): string =>
    t(`administer.system.${area}.${code}`, { defaultValue: code });
  if (name === 'processes' && Array.isArray(fact))
    return (fact as RunningProcess[]).map((process) => (
      <Tag key={process.name} title={`${process.name}, pid ${process.pid}`}>
        {wordOf('processNames', process.name)}
      </Tag>
    ));
  if (Array.isArray(fact)) return fact.map(String).join(', ');
  if (typeof fact === 'object' && fact !== null)
    return (
      <dl className="facts addresses">
        {Object.entries(fact as Readonly<Record<string, unknown>>).map(([key, each]) => (
          <Fragment key={key}>
            <dt>{wordOf('urlNames', key)}</dt>
            <dd className="figures">{typeof each === 'string' ? each : JSON.stringify(each)}</dd>
          </Fragment>
        ))}
      </dl>
    );
  if (typeof fact === 'number') return <span className="figures">{name.endsWith('Bytes') ? sizeText(fact) : fact}</span>;
  if (name.endsWith('At') && typeof fact === 'string') return <span className="figures">{timeText(fact)}</span>;
  if (name === 'isolation') return wordOf('isolations', String(fact));
  return name === 'layout' ? wordOf('layouts', String(fact)) : String(fact);
}
