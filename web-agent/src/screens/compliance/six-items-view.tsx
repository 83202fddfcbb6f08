import { Button, Descriptions } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { SeedPanel } from './seed-panel.js';
import { useEvidence } from './use-evidence.js';
import type { SixItem } from '../../../../services/shared/contracts/api/evidence/licence-cases.js';
import './six-items.css';

/** The page on which each kind of proof is seen. */
const places = {
  numbers: '/registry?register=numbers',
  trunks: '/registry?register=trunks',
  clients: '/registry?register=clients',
  calls: '/calls',
  inspector: '/inspector',
  complaints: '/complaints',
  'calling-out': '/calling-out',
  quality: '/service-quality',
  audit: '/audit',
} as const;

const proofOf: Readonly<Record<SixItem['id'], readonly (keyof typeof places)[]>> = {
  'six-filing': ['numbers'],
  'six-use': ['numbers', 'calls'],
  'six-resources': ['trunks', 'calls'],
  'six-conduct': ['complaints', 'calling-out', 'clients'],
  'six-control': ['quality', 'inspector', 'audit'],
  'six-consent': ['calling-out', 'inspector'],
};

/**
 * The six items of an inspection: one printed page each, with figures of the last weeks, what is missing, the proof one click away, and
 * signatures.
 */
export function SixItemsView({ onBack }: { readonly onBack: () => void }): ReactNode {
  const { t } = useTranslation();
  const six = useEvidence('six-items');
  return (
    <div className="stack six-items" data-testid="six-items">
      <div className="row not-printed">
        <Button onClick={onBack}>{t('licenceCases.six.back')}</Button>
        <span className="grow" />
        <Button type="primary" onClick={() => window.print()} data-testid="print-six">
          {t('licenceCases.six.print')}
        </Button>
      </div>
      <SeedPanel />
      <Loaded query={six}>
        {({ from, to, draw, items, signatures }) => (
          <>
            {items.map((item, i) => (
              <Item
                key={item.id}
                item={item}
                number={i + 1}
                period={t('licenceCases.six.period', { from, to })}
                draw={draw}
                signatures={signatures}
              />
            ))}
          </>
        )}
      </Loaded>
    </div>
  );
}

interface Shown {
  readonly item: SixItem;
  readonly number: number;
  readonly period: string;
  /** How the rows were drawn. */
  readonly draw: string;
  readonly signatures: readonly string[];
}

function Item({ item: { id, title, asks, figures, gaps, proof }, number, period, draw, signatures }: Shown): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel stack six-item" data-testid={id}>
      <h2>
        {number}. {title}
      </h2>
      <p>{asks}</p>
      <p className="soft">
        {period} {draw}
      </p>
      <Descriptions
        size="small"
        bordered
        column={1}
        items={figures.map(({ label, value }) => ({ key: label, label, children: <span className="figures">{value}</span> }))}
      />
      <h3>{t('licenceCases.six.missing')}</h3>
      {gaps.length === 0 ? (
        <p>{t('licenceCases.six.complete')}</p>
      ) : (
        <ul data-testid={`${id}-missing`}>
          {gaps.map((gap) => (
            <li key={gap} className="bad">
              {gap}
            </li>
          ))}
        </ul>
      )}
      <h3>{proof.title === '' ? t('licenceCases.six.proof') : proof.title}</h3>
      {proof.rows.length === 0 ? (
        <p>{t('licenceCases.six.none')}</p>
      ) : (
        <div className="six-rows" tabIndex={0} role="region" aria-label={proof.title === '' ? t('licenceCases.six.proof') : proof.title}>
          <table>
            <thead>
              <tr>
                {proof.heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {proof.rows.map((row) => (
                <tr key={row.join(' ')}>
                  {proof.heads.map((head, i) => (
                    <td key={head}>{row[i]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="row not-printed">
        <span className="soft">{t('licenceCases.six.proof')}</span>
        {proofOf[id].map((place) => (
          <Link key={place} to={places[place]} data-testid={`${id}-${place}`}>
            {t(`licenceCases.six.links.${place}`)}
          </Link>
        ))}
      </div>
      <div className="six-signatures">
        {signatures.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </section>
  );
}
