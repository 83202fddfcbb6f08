import { readFile } from 'node:fs/promises';
import snmp, { type Session, type Varbind } from 'net-snmp';
import type { Probe } from '../../probes/probe.js';
import type { Facts } from '../../../shared/domain/licence/probe-row.js';
import type { SnmpTarget } from './snmp-targets.js';

const TIMEOUT_MS = 1_500;
const RETRIES = 1;

/** Scalars (SNMPv2-MIB, IF-MIB, UPS-MIB of RFC 1628). A device without one of them reports that for this one alone. */
const scalars = {
  description: '1.3.6.1.2.1.1.1.0',
  objectId: '1.3.6.1.2.1.1.2.0',
  upTimeTicks: '1.3.6.1.2.1.1.3.0',
  name: '1.3.6.1.2.1.1.5.0',
  location: '1.3.6.1.2.1.1.6.0',
  interfaces: '1.3.6.1.2.1.2.1.0',
  upsMaker: '1.3.6.1.2.1.33.1.1.1.0',
  upsModel: '1.3.6.1.2.1.33.1.1.2.0',
  upsSoftware: '1.3.6.1.2.1.33.1.1.3.0',
  upsChargePercent: '1.3.6.1.2.1.33.1.2.4.0',
  upsMinutesLeft: '1.3.6.1.2.1.33.1.2.3.0',
  upsOutputSource: '1.3.6.1.2.1.33.1.4.1.0',
} as const;
/** Columns of ENTITY-MIB (RFC 6933). Its first row is the device itself. */
const columns = {
  software: '1.3.6.1.2.1.47.1.1.1.1.10',
  serial: '1.3.6.1.2.1.47.1.1.1.1.11',
  maker: '1.3.6.1.2.1.47.1.1.1.1.12',
  model: '1.3.6.1.2.1.47.1.1.1.1.13',
} as const;

/** Queries a device that has no probe of its own: switch, firewall, UPS. Nothing is ever written to it. */
export const snmpProbe = (target: SnmpTarget): Probe => ({
  name: `snmp:${target.name}`,
  async read(signal) {
    const session = await sessionTo(target);
    let open = true;
    const end = (): void => {
      if (open) session.close();
      open = false;
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      const known = await ask(session, 'get', Object.values(scalars));
      const first = await ask(session, 'getNext', Object.values(columns));
      return [{ subject: `snmp:${target.name}`, kind: 'snmp', facts: factsOf(target, known, first), raw: rawOf([...known, ...first]) }];
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  },
});

async function sessionTo(target: SnmpTarget): Promise<Session> {
  const key = async (path: string): Promise<string> => (await readFile(path, 'utf8')).trim();
  const options = {
    port: target.port,
    timeout: TIMEOUT_MS,
    retries: RETRIES,
    transport: target.address.includes(':') ? ('udp6' as const) : ('udp4' as const),
  };
  const session =
    target.version === '2c'
      ? snmp.createSession(target.address, await key(target.communityFile), { ...options, version: snmp.Version2c })
      : snmp.createV3Session(
          target.address,
          {
            name: target.user,
            level: snmp.SecurityLevel.authPriv,
            authProtocol: snmp.AuthProtocols[target.authProtocol],
            authKey: await key(target.authKeyFile),
            privProtocol: snmp.PrivProtocols[target.privProtocol],
            privKey: await key(target.privKeyFile),
          },
          { ...options, version: snmp.Version3 },
        );
  // Without a listener an error of the socket would end the process; requests fail on their own.
  session.on('error', () => undefined);
  return session;
}

const ask = (session: Session, how: 'get' | 'getNext', oids: string[]): Promise<Varbind[]> =>
  new Promise((resolve, reject) => {
    session[how](oids, (error, answers) => {
      if (error === null) resolve(answers ?? []);
      else reject(error);
    });
  });

function factsOf(target: SnmpTarget, known: readonly Varbind[], first: readonly Varbind[]): Facts {
  const facts: Record<string, string | number> = { address: target.address, port: target.port };
  for (const [name, oid] of Object.entries(scalars))
    keep(
      facts,
      name,
      known.find((answer) => answer.oid === oid),
    );
  for (const [name, column] of Object.entries(columns))
    keep(
      facts,
      name,
      first.find((answer) => answer.oid.startsWith(`${column}.`)),
    );
  for (const [name, ups] of [
    ['maker', 'upsMaker'],
    ['model', 'upsModel'],
    ['software', 'upsSoftware'],
  ] as const)
    if (facts[name] === undefined && facts[ups] !== undefined) facts[name] = facts[ups];
  return facts;
}

function keep(facts: Record<string, string | number>, name: string, answer: Varbind | undefined): void {
  if (answer === undefined || snmp.isVarbindError(answer)) return;
  const value = plain(answer.value);
  if (value !== '') facts[name] = value;
}

function plain(value: Varbind['value'] | undefined): string | number {
  if (typeof value === 'number') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8').replace(/\0/g, '').trim() : String(value ?? '');
}

const rawOf = (answers: readonly Varbind[]): string =>
  answers.map((answer) => `${answer.oid} = ${snmp.isVarbindError(answer) ? snmp.varbindError(answer) : plain(answer.value)}`).join('\n');
