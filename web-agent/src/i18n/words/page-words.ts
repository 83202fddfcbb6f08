import { exportWords, securityWords } from './access.js';
import { account } from './account.js';
import { alarms } from './alarms.js';
import { accountImport } from './administer/account-import.js';
import { administer } from './administer/administer.js';
import { batch } from './administer/batch.js';
import { breaks } from './seat/breaks.js';
import { callbacks } from './seat/callbacks.js';
import { callingOut } from './calling-out/calling-out.js';
import { calls } from './supervise/calls.js';
import { campaigns } from './calling-out/campaigns.js';
import { chat } from './seat/chat.js';
import { complaints } from './compliance/complaints.js';
import { compliance } from './compliance/compliance.js';
import { customers } from './administer/customers.js';
import { deviceCheck } from './seat/device-check.js';
import { drills } from './compliance/drills.js';
import { packOrder } from './compliance/pack-order.js';
import { freeDial } from './calling-out/free-dial.js';
import { flow } from './administer/flow.js';
import { help } from './seat/help.js';
import { interfaceWords } from './administer/interface.js';
import { keeping } from './compliance/keeping.js';
import { leaving } from './calling-out/leaving.js';
import { lineHelp } from './seat/line-help.js';
import { library } from './administer/library.js';
import { matrix } from './administer/matrix.js';
import { licenceCases } from './compliance/licence-cases.js';
import { quality } from './supervise/quality.js';
import { listening } from './supervise/listening.js';
import { myCalls } from './seat/my-calls.js';
import { pageFailures } from './page-failures.js';
import { palette } from './palette.js';
import { publicPages } from './public-pages.js';
import { recordings } from './supervise/recordings.js';
import { registry } from './compliance/registry.js';
import { reportLists } from './supervise/report-lists.js';
import { reportMail } from './supervise/report-mail.js';
import { reports } from './supervise/reports.js';
import { sipTraces } from './administer/sip-traces.js';
import { setUpWords } from './administer/set-up.js';
import { supervise } from './supervise/supervise.js';
import { thresholds } from './supervise/thresholds.js';
import { trunkSheet } from './administer/trunk-sheet.js';
import { trunkTest } from './administer/trunk-test.js';
import { walls } from './supervise/walls.js';
import { worksheet } from './administer/worksheet.js';

/** Words for the pages beside the seat, loaded after it. */
export const pageWords = (language: 'zh' | 'en'): Record<string, unknown> => ({
  account: account[language],
  accountImport: accountImport[language],
  alarms: alarms[language],
  exports: exportWords[language],
  security: securityWords[language],
  batch: batch[language],
  breaks: breaks[language],
  calls: calls[language],
  callbacks: callbacks[language],
  callingOut: callingOut[language],
  campaigns: campaigns[language],
  recordings: recordings[language],
  quality: quality[language],
  publicPages: publicPages[language],
  keeping: keeping[language],
  reportLists: reportLists[language],
  reportMail: reportMail[language],
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
  packOrder: packOrder[language],
  flow: flow[language],
  freeDial: freeDial[language],
  help: help[language],
  interface: interfaceWords[language],
  leaving: leaving[language],
  library: library[language],
  lineHelp: lineHelp[language],
  listening: listening[language],
  licenceCases: licenceCases[language],
  matrix: matrix[language],
  myCalls: myCalls[language],
  palette: palette[language],
  administer: administer[language],
  thresholds: thresholds[language],
  trunkSheet: trunkSheet[language],
  trunkTest: trunkTest[language],
  walls: walls[language],
  worksheet: worksheet[language],
});
