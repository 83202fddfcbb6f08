import type { RowFigureKey } from '../../../../../services/shared/domain/figures/keys.js';
import { siteNow } from '../../../components/time/site-days.js';
import type { Behind } from '../../reports/lists/rows-drawer.js';

/** A figure of one line since midnight at the site, which is what the board counts. */
export const sinceMidnight = (scope: string, key: RowFigureKey): Behind => ({
  ...{ from: siteNow().startOf('day').toISOString(), until: siteNow().endOf('day').toISOString() },
  ...{ scope, key },
});
