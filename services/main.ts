import { pid } from 'node:process';
import { openContext, type ComposeRole } from './main/context.js';
import { holdRoles } from './main/holding-roles.js';
import { documentsWatch } from './main/when-stored.js';
import { createClockReporter } from './shared/platform/processes/clock-report.js';
import { readProcessConfig, type ProcessRole } from './shared/platform/settings/config.js';
import { createLogger, describeError } from './shared/platform/processes/logger.js';
import { StartRefused } from './shared/platform/processes/role-lease.js';
import { run, type Ending, type Health, type Service } from './shared/platform/processes/service.js';
import { reportToSupervisor } from './shared/platform/processes/supervised.js';
import { endsProcess } from './shared/platform/processes/unexpected.js';

/** Loaded only when the role runs here: a recorder does not carry the web server in its memory. */
const composers: Readonly<Record<ProcessRole, () => Promise<{ readonly compose: ComposeRole }>>> = {
  telephony: () => import('./main/telephony.js'),
  recorder: () => import('./main/recorder.js'),
  mixer: () => import('./main/mixer.js'),
  routing: () => import('./main/routing.js'),
  cases: () => import('./main/cases.js'),
  api: () => import('./main/api.js'),
};

/** How long running work may take to end before the process ends anyway. */
const STOP_MS = 8_000;

/** Runs the roles of ROLES in this process: configuration, connections, services; then until it is told to stop. */
async function main(): Promise<void> {
  const config = readProcessConfig();
  const log = createLogger(config.LOG_LEVEL, { roles: config.ROLES.join('+'), pid });
  let stopping = false;
  let stopServices: (ending: Ending) => Promise<void> = async () => undefined;
  let closeContext: () => Promise<void> = async () => undefined;

  const stop = (code: number, ending: Ending = 'process'): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(code === 0 ? 1 : code), STOP_MS).unref();
    stopServices(ending)
      .then(() => closeContext())
      .then(
        () => process.exit(code),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
  };
  // A signal ends this process; its calls are left to the process that is started in its place.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0));
  // Neither kind goes unnoticed. When the state of this process is no longer known, the supervisor restarts it.
  const unexpected = (kind: 'exception' | 'rejection', error: unknown): void => {
    const ends = endsProcess(kind, error);
    log.error({ err: error, kind }, ends ? 'unexpected error, restarting this process' : 'unexpected error, this process goes on');
    if (ends) stop(1);
  };
  process.on('uncaughtException', (error) => unexpected('exception', error));
  process.on('unhandledRejection', (error) => unexpected('rejection', error));

  const services: Service[] = [];
  const health = async (): Promise<Health> => {
    const answers = await Promise.all(
      services.map(async (service) => ({ name: service.name, ...((await service.health?.()) ?? { ok: true }) })),
    );
    const ill = answers.find(({ ok }) => !ok);
    return {
      ok: ill === undefined,
      ...(ill === undefined ? {} : { reason: `${ill.name}: ${ill.reason ?? 'not well'}` }),
      facts: { services: answers },
    };
  };
  const supervisor = reportToSupervisor({
    health,
    drain(tell) {
      const draining = services.filter((service) => service.drain !== undefined);
      if (draining.length === 0) tell(0);
      for (const service of draining) service.drain?.(tell);
    },
    stop: (ending) => stop(0, ending),
  });

  // Code is loaded while the connections open: callers are waiting for a role that died.
  const loading = Promise.all(config.ROLES.map((role) => composers[role]()));
  const context = await openContext(config, log, (reason) => {
    log.warn({ reason }, 'restarting this process');
    stop(1);
  });
  const releases: (() => Promise<void>)[] = [];
  closeContext = async () => {
    for (const release of releases) await release();
    await context.close();
  };
  let isReady = false;
  const ready = (standsBy: readonly string[]): void => {
    if (!isReady) supervisor.ready({ roles: config.ROLES, standsBy });
    isReady = true;
  };
  releases.push(...(await holdRoles({ roles: config.ROLES, context, standsBy: (role) => ready([role]), log })));
  services.push(
    documentsWatch(context.documents, context.lastKnown.copiedAt),
    createClockReporter({
      valkey: context.valkey,
      roles: config.ROLES,
      failed: (error) => log.debug({ err: error }, 'the clock could not be compared'),
    }),
  );
  for (const { compose } of await loading) services.push(...(await compose(context)));
  stopServices = await run(services);
  ready(services.filter((service) => service.standsBy?.()).map(({ name }) => name));
  log.info({ services: services.map(({ name }) => name) }, 'ready');
}

main().catch((error: unknown) => {
  const isSentence = error instanceof StartRefused || (error instanceof Error && error.message.startsWith('Bad configuration'));
  const told = isSentence ? error.message : JSON.stringify(describeError(error));
  process.stderr.write(`${told}\n`);
  process.exit(1);
});
