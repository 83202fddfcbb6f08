import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SrfPlace } from './srf-network.js';
import type { Outcome } from './unified.js';

/** The scripts of the suite that `npm test` of drachtio-srf runs one after the other, and its unit tests. */
const FILES = ['b2b', 'reinvite-tests', 'uac', 'uas', 'proxy', 'utils', 'refer'] as const;
const RUN_WITHIN_MS = 420_000;

/** What the suite asks of docker-compose, as far as it matters here: names, addresses and what runs there. */
const Testbed = z.object({
  services: z.record(
    z.string(),
    z.object({ command: z.string(), networks: z.object({ testbed: z.object({ ipv4_address: z.ipv4() }) }).optional() }),
  ),
});

/** A host that one of the suite's tests names and starts itself. */
const STARTED_BY_THE_SUITE = { name: 'sipp-uas-b-teardown', address: '172.29.0.100' } as const;

/**
 * Takes the place of `docker run`: the same sipp with the same arguments, as a host of its own in the suite's network. A container without
 * a name gets an address made from its process id.
 */
const DOCKER = (scenarios: string): string => `#!/bin/sh
[ "$1" = run ] || exit 0
address=172.29.1.$(($$ % 254 + 1))
while [ "$1" != sipp ]; do
  [ $# -gt 0 ] || { echo "docker: only sipp is run here" >&2; exit 125; }
  [ "$1" = --name ] && address=$(getent ahostsv4 "$2" | awk 'NR == 1 { print $1 }')
  shift
done
shift
for word; do
  shift
  case $word in /tmp/scenarios/*) word=${scenarios}/\${word#/tmp/scenarios/} ;; esac
  set -- "$@" "$word"
done
exec sipp -i "$address" -p 5060 -mi "$address" -timeout 60s -timeout_error "$@"
`;

/** Debian's sipp reads XML strictly: \`<\` and \`>\` stand as entities within an attribute. */
const strictXml = (xml: string): string =>
  xml.replaceAll(
    /regexp="([^"]*)"/g,
    (_all, expression: string) => `regexp="${expression.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`,
  );

async function placeOf(suite: string, folder: string): Promise<SrfPlace> {
  const tests = join(suite, 'test');
  const scenarios = join(folder, 'scenarios');
  await cp(join(tests, 'scenarios'), scenarios, { recursive: true });
  for (const name of (await readdir(scenarios)).filter((each) => each.endsWith('.xml'))) {
    const file = join(scenarios, name);
    await writeFile(file, strictXml(await readFile(file, 'utf8')));
  }
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, text] of [
    ['docker', DOCKER(scenarios)],
    ['docker-compose', '#!/bin/sh\nexit 0\n'],
  ] as const) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  const { services } = Testbed.parse(parse(await readFile(join(tests, 'docker-compose-testbed.yaml'), 'utf8')));
  const hosts = Object.entries(services).flatMap(([name, { command, networks }]) =>
    networks === undefined ? [] : [{ name, address: networks.testbed.ipv4_address, scenario: /-sf \/tmp\/(\S+)/.exec(command)?.[1] }],
  );
  const named = [...hosts, STARTED_BY_THE_SUITE];
  await writeFile(join(folder, 'hosts'), ['127.0.0.1 localhost', ...named.map(({ name, address }) => `${address} ${name}`), ''].join('\n'));
  return { suite, bin, scenarios, hosts, files: FILES };
}

/**
 * drachtio-srf's own tests against the embedded SIP server, in a network namespace in which the names and addresses of its docker network
 * are those of the loopback. `suite`: the package, with what its tests need beside it. Fails where namespaces may not be made.
 */
export async function runSrf(suite: string, folder: string): Promise<readonly Outcome[]> {
  const place = await placeOf(suite, folder);
  const answer = join(folder, 'outcomes.json');
  await writeFile(join(folder, 'place.json'), JSON.stringify(place));
  const inside = [
    `mount --bind ${join(folder, 'hosts')} /etc/hosts`,
    'ip link set lo up',
    // On the loopback, one entry makes every address of the network this machine's.
    'ip address add 172.29.0.1/16 dev lo',
    `exec ${process.execPath} --import tsx test/conformance/srf-network.ts ${join(folder, 'place.json')} ${answer}`,
  ].join(' && ');
  // A process namespace of its own: whatever the suite leaves behind ends with it.
  const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--mount-proc', '--kill-child'];
  const child = spawn('unshare', [...namespaces, 'sh', '-c', inside], { stdio: ['ignore', 'inherit', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_WITHIN_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  if (code !== 0)
    throw new Error(`the suite did not run to its end (exit ${String(code)}): it needs sipp, ip and the right to make namespaces`);
  return JSON.parse(await readFile(answer, 'utf8')) as Outcome[];
}
