import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, stopProcess } from '../../integration/recording/recording-support.js';
import { until } from '../../support/until.js';

const run = promisify(execFile);
const HOST = '127.0.0.1';
const UP_WITHIN_MS = 90_000;
const STEP_WITHIN_MS = 60_000;

export interface Ceph extends AsyncDisposable {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Debian's packages keep the classes of objects in the folder of the machine's architecture, and its Ceph looks in another. */
function classFolder(): string {
  const found = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'rados-classes'))
    .find(existsSync);
  if (found === undefined) throw new Error('rados-classes are missing: install the Debian package ceph-osd');
  return found;
}

const configuration = (folder: string, fsid: string, ports: { readonly mon: number; readonly gateway: number }): string => `
[global]
fsid = ${fsid}
mon_initial_members = a
mon_host = [v2:${HOST}:${ports.mon}]
public_addr = ${HOST}
ms_bind_msgr1 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
ms_cluster_mode = crc
ms_service_mode = crc
ms_client_mode = crc
run_dir = ${folder}
admin_socket = ${folder}/$name.$pid.asok
pid_file = ${folder}/$name.pid
log_file = ${folder}/$name.log
mon_cluster_log_file = ${folder}/cluster.log
keyring = ${folder}/keyring
mon_data = ${folder}/mon
mon_data_avail_crit = 1
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
osd_data = ${folder}/osd
osd_class_dir = ${classFolder()}
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_crush_chooseleaf_type = 0
bluestore_block_size = 4294967296
rgw_rados_pool_pg_num_min = 1
rgw_frontends = beast endpoint=${HOST}:${ports.gateway}
`;

/** A whole Ceph on one machine: a monitor, one OSD on a sparse file and the S3 gateway, in a folder of its own. */
export async function startCeph(): Promise<Ceph> {
  const folder = await mkdtemp(join(tmpdir(), 'ceph-'));
  const daemons: ChildProcess[] = [];
  const dispose = async (): Promise<void> => {
    for (const daemon of daemons.reverse()) await stopProcess(daemon, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { ...(await startIn(folder, daemons)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    const tails = logs.map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8').slice(-600)}`);
    await dispose();
    throw new Error(`Ceph did not start:\n${tails.join('\n')}`, { cause: error });
  }
}

async function startIn(folder: string, daemons: ChildProcess[]): Promise<Omit<Ceph, typeof Symbol.asyncDispose>> {
  const [accessKey, secretKey, fsid] = [randomUUID().slice(0, 20), randomUUID(), randomUUID()];
  const ports = { mon: await freePort(), gateway: await freePort() };
  const file = (name: string): string => join(folder, name);
  await Promise.all(['mon', 'osd'].map((name) => mkdir(file(name))));
  await writeFile(file('ceph.conf'), configuration(folder, fsid, ports));
  const call = (program: string, ...args: string[]): Promise<unknown> => run(program, args, { timeout: STEP_WITHIN_MS });
  const ours = ['-c', file('ceph.conf')];
  const daemon = (program: string, ...args: string[]): void => {
    daemons.push(spawn(program, [...ours, '-f', ...args], { stdio: 'ignore' }));
  };

  await call('ceph-authtool', '--create-keyring', file('keyring'), '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  await call('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:${HOST}:${ports.mon}]`, file('monmap'));
  await call('ceph-mon', ...ours, '-i', 'a', '--mkfs', '--monmap', file('monmap'), '--keyring', file('keyring'));
  daemon('ceph-mon', '-i', 'a');
  const osd = randomUUID();
  await call('ceph', ...ours, '--connect-timeout', '30', 'osd', 'new', osd);
  await call('ceph-osd', ...ours, '-i', '0', '--mkfs', '--osd-uuid', osd);
  daemon('ceph-osd', '-i', '0');
  // This user's keys live only as long as this folder, so they may stand in arguments.
  const keys = ['--access-key', accessKey, '--secret-key', secretKey];
  await call('radosgw-admin', ...ours, 'user', 'create', '--uid', 'proofline', '--display-name', 'proofline', ...keys);
  daemon('radosgw', '-n', 'client.admin');
  const endpoint = `http://${HOST}:${ports.gateway}`;
  await until(
    () =>
      fetch(endpoint).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status > 0,
    UP_WITHIN_MS,
  );
  return { endpoint, accessKey, secretKey };
}
