import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { scriptParts, valueAt, type ScriptPerson } from '../../../../../services/shared/domain/calls/campaign-script.js';

/** The script as it is read to this person. A place for which the list says nothing is marked, so that nobody reads its braces aloud. */
export function FilledScript({ script, person }: { readonly script: string; readonly person: ScriptPerson }): ReactNode {
  const { t } = useTranslation();
  return (
    <p className="written" data-testid="campaign-said">
      {scriptParts(script).map((part, i) => {
        if ('words' in part) return part.words;
        const value = valueAt(part.place, person);
        return value === undefined ? (
          <em key={i} className="soft">
            {t('campaigns.card.notGiven', { place: part.place })}
          </em>
        ) : (
          <strong key={i}>{value}</strong>
        );
      })}
    </p>
  );
}
