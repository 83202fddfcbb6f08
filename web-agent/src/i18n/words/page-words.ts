import { exportWords, securityWords } from './access.js';
import { account } from './account.js';
import { alarms } from './alarms.js';
import { administer } from './administer.js';
import { callbacks } from './callbacks.js';
import { callingOut } from './calling-out.js';
import { calls } from './calls.js';
import { campaigns } from './campaigns.js';
import { chat } from './chat.js';
import { complaints } from './complaints.js';
import { compliance } from './compliance.js';
import { customers } from './customers.js';
import { deviceCheck } from './device-check.js';
import { drills } from './drills.js';
import { flow } from './flow.js';
import { help } from './help.js';
import { interfaceWords } from './interface.js';
import { keeping } from './keeping.js';
import { leaving } from './leaving.js';
import { library } from './library.js';
import { licenceCases } from './licence-cases.js';
import { quality } from './quality.js';
import { listening } from './listening.js';
import { pageFailures } from './page-failures.js';
import { palette } from './palette.js';
import { publicPages } from './public-pages.js';
import { recordings } from './recordings.js';
import { registry } from './registry.js';
import { reports } from './reports.js';
import { sipTraces } from './sip-traces.js';
import { setUpWords } from './set-up.js';
import { supervise } from './supervise.js';
import { thresholds } from './thresholds.js';
import { trunkSheet } from './trunk-sheet.js';
import { trunkTest } from './trunk-test.js';
import { walls } from './walls.js';
import { worksheet } from './worksheet.js';

/** Words of the pages beside the seat, loaded after it. */
export const pageWords = (language: 'zh' | 'en'): Record<string, unknown> => ({
  account: account[language],
  alarms: alarms[language],
  exports: exportWords[language],
  security: securityWords[language],
  calls: calls[language],
  callbacks: callbacks[language],
  callingOut: callingOut[language],
  campaigns: campaigns[language],
  recordings: recordings[language],
  quality: quality[language],
  publicPages: publicPages[language],
  keeping: keeping[language],
  reports: reports[language],
  sipTraces: sipTraces[language],
  setUp: setUpWords[language],
  supervise: supervise[language],
  chat: chat[language],
  complaints: complaints[language],
  compliance: compliance[language],
  customers: customers[language],
  deviceCheck: deviceCheck[language],
  registry: registry[language],
  failures: pageFailures[language],
  drills: drills[language],
  flow: flow[language],
  help: help[language],
  interface: interfaceWords[language],
  leaving: leaving[language],
  library: library[language],
  listening: listening[language],
  licenceCases: licenceCases[language],
  palette: palette[language],
  administer: administer[language],
  thresholds: thresholds[language],
  trunkSheet: trunkSheet[language],
  trunkTest: trunkTest[language],
  walls: walls[language],
  worksheet: worksheet[language],
});
