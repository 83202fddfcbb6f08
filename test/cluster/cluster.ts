// npm run cluster [-- --only T1,T2,T3,T5,T6,T7,T8,T9,T10,T11,T12,T13] [--from COMMIT]: what happens when a machine, or a process beyond the first, is gone. See docs/howto/cluster.md.
// Exit code 0 only if everything held.
import { parseArgs } from 'node:util';
import { roundText, type Round } from './round.js';
import { casesRound } from './rounds/cases.js';
import { edgeRound } from './rounds/edge.js';
import { leaderRound } from './rounds/leader.js';
import { liveStateRound } from './rounds/live-state.js';
import { storeRound } from './rounds/store.js';
import { objectsRound } from './rounds/objects.js';
import { recorderRound } from './rounds/recorder.js';
import { relayRound } from './rounds/relay.js';
import { webRound } from './rounds/web.js';
import { setUpCentre, telephonyRound, type TelephonyFault } from './rounds/telephony.js';
import { upgradeRound } from './rounds/upgrade.js';
import { openEdgeSite } from './edge-site.js';
import { installEarlier } from './installed-product.js';
import { openRecorderSite } from './recorder-site.js';
import { openRelaySite } from './relay-site.js';
import { startSecond } from './second-process.js';
import { openTelephonySite } from './telephony-site.js';
import { openWebSite } from './web-site.js';
import { MessageServers } from '../support/servers/message-servers.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { ValkeyGroup } from '../support/servers/valkey-group.js';
import { Stack } from '../support/stack.js';

/** Each test yields its rounds one after another. */
const tests: Readonly<Record<string, () => AsyncGenerator<Round>>> = {
  T1: () => telephonyRounds(['SIGKILL']),
  T2: () => telephonyRounds(['cable pulled', 'cut from the live state', 'SIGSTOP and SIGCONT']),
  async *T3() {
    await using site = await openRelaySite();
    yield await relayRound(site, { talking: 50, andBack: true });
  },
  async *T5() {
    await using site = await openRecorderSite();
    yield await recorderRound(site, { talking: 20 });
  },
  async *T6() {
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      await using group = await ValkeyGroup.start();
      await using stack = await Stack.start({ layout: 'roles', env: group.settings });
      yield await liveStateRound(stack, group, signal);
    }
  },
  async *T8() {
    for (const fault of ['processes SIGKILL', 'machine gone'] as const) {
      await using site = await openWebSite();
      yield await webRound(site, { talking: 20, fault });
    }
  },
  async *T9() {
    await using site = await openEdgeSite();
    yield await edgeRound(site, { talking: 50 });
  },
  async *T10() {
    await using servers = await OutsideServers.create();
    const documents = await servers.documents();
    await using stack = await Stack.start({ layout: 'roles', env: servers.env });
    yield await storeRound(stack, documents);
  },
  async *T11() {
    await using servers = await OutsideServers.create();
    const objects = await servers.objects();
    await using stack = await Stack.start({ layout: 'roles', env: servers.env });
    yield await objectsRound(stack, objects, { talking: 20 });
  },
  async *T12() {
    await using product = installEarlier(values.from);
    await using stack = await Stack.start({ layout: 'roles', from: product.root });
    yield await upgradeRound(stack, product, { talking: 20 });
  },
  async *T13() {
    await using servers = await MessageServers.start();
    await using stack = await Stack.start({ layout: 'roles', env: servers.env });
    await using second = await startSecond(stack, 'cases', servers.env);
    yield await casesRound(stack, servers, second);
  },
  async *T7() {
    await using stack = await Stack.start({ layout: 'roles' });
    await using _second = await startSecond(stack, 'routing');
    // The second process leads after the first round, and the one that the supervisor restarted stands by.
    yield await leaderRound(stack, 'SIGSTOP and SIGCONT');
    yield await leaderRound(stack, 'SIGKILL');
  },
};

/** A machine that is gone is not used again: each fault has a site of its own. */
async function* telephonyRounds(faults: readonly TelephonyFault[]): AsyncGenerator<Round> {
  for (const fault of faults) {
    await using site = await openTelephonySite();
    await setUpCentre(site);
    yield await telephonyRound(site, { fault, talking: 20, waiting: 5 });
  }
}

const { values } = parseArgs({ options: { only: { type: 'string' }, from: { type: 'string', default: 'HEAD~60' } } });
const chosen = values.only?.split(',') ?? Object.keys(tests);
const unknown = chosen.filter((name) => !(name in tests));
if (unknown.length > 0) {
  console.error(`There is no test ${unknown.join(', ')}; there are ${Object.keys(tests).join(', ')}.`);
  process.exit(2);
}
let failed = false;
for (const name of chosen)
  try {
    for await (const round of tests[name]?.() ?? []) {
      console.log(roundText(round));
      failed ||= round.broken.length > 0;
    }
  } catch (error) {
    const messages = [error, error instanceof Error ? error.cause : undefined].filter((each) => each !== undefined).map(String);
    console.log(`${name}: came to no end (${messages.join('\n')})`);
    failed = true;
  }
console.log(failed ? 'Something did not hold.' : 'Everything held: no call was dropped, and nothing that was answered is lost.');
process.exit(failed ? 1 : 0);
