import type { Connection } from 'mongoose';
import type { Route } from '../../shared/platform/http/route.js';
import { createAccountImport, type AccountImport, type AccountImportNeeds } from '../imports/account-import.js';
import { createImportRoutes } from '../imports/http.js';
import { createImportOrders, type ImportOrdersNeeds } from '../imports/import-orders.js';
import { accountFiles } from './account-file.js';
import { createMongoImportOrders } from './mongo-import-orders.js';

/** The check of a list of people, and the routes of the imports that come of it. */
export function createAccountImports({
  mongo,
  ...needs
}: Omit<AccountImportNeeds & ImportOrdersNeeds, 'orders' | 'readFile' | 'newPassword'> & { readonly mongo: Connection }): {
  readonly importList: AccountImport;
  readonly importRoutes: Route[];
} {
  const orders = createMongoImportOrders(mongo);
  return {
    importList: createAccountImport({ ...needs, ...accountFiles, orders }),
    importRoutes: createImportRoutes(createImportOrders({ ...needs, ...accountFiles, orders })),
  };
}
