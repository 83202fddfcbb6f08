// npm run events -- --set-aside | --replay ID|all | --discard ID: events that a part of the running product could not handle.
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { eventsSetAside } from '../../services/shared/platform/events/set-aside.js';
import { createValkeyBus } from '../../services/shared/platform/events/valkey-bus.js';
import { openValkey } from '../../services/shared/platform/events/valkey-client.js';
import { configOfRunning } from './running-product.js';

const USAGE = `Usage: npm run events -- --set-aside        lists the events that could not be handled
       npm run events -- --replay ID|all   tries it again now
       npm run events -- --discard ID      gives it up: it is never handled`;

const [, , action, id] = process.argv;
const isList = action === '--set-aside' && id === undefined;
const isDecision = (action === '--replay' || action === '--discard') && id !== undefined && (action === '--replay' || id !== 'all');
if (!isList && !isDecision) {
  console.error(USAGE);
  process.exit(2);
}
const config = configOfRunning();
const valkey = openValkey(config.VALKEY_URL, { maxRetriesPerRequest: 3 });
const bus = createValkeyBus({ url: config.VALKEY_URL, log: silentLogger });
try {
  const all = await eventsSetAside(valkey);
  if (isList) {
    for (const { id: eventId, subscriber, name, lane, since, failure } of all)
      console.log(`${eventId}  ${since}  ${subscriber}  ${name}  ${lane}  ${failure}`);
    console.log(`${all.length} event(s) wait.`);
  } else if (id !== 'all' && !all.some((event) => event.id === id)) {
    console.error(`No event ${id ?? ''} is set aside.`);
    process.exitCode = 1;
  } else {
    const decision = action === '--replay' ? 'replay' : 'discard';
    await bus.publish('event.set-aside-decided', { at: new Date().toISOString(), decision, ...(id === 'all' ? {} : { id }) });
    console.log(decision === 'replay' ? 'It is being retried; --set-aside shows the events that still wait.' : 'It was discarded.');
  }
} finally {
  await bus.close();
  valkey.disconnect();
}
