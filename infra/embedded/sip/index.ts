export { startSipServer, type SipServer, type SipServerOptions } from './server.js';
export { jsonLog, type Log, type LogLevel } from './log.js';
