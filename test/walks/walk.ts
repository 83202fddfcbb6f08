// npm run walk [-- --only setup]: a person's way through the pages in a real browser, with what it cost in clicks, fields and time.
// Exit code 0 only if each walk came to its end within its targets.
import { WebBrowser } from '../end-to-end/web-browser.js';
import { costText, type Steps } from './steps.js';
import { walkAgentDay } from './agent-day.js';
import { walkSetUp } from './set-up.js';
import { walkSupervisorFifty } from './supervisor-fifty.js';

interface Walk {
  readonly walk: (browser: WebBrowser) => Promise<Steps>;
  /**
   * What the work cost before; for the set-up, before the guide: four people, two queues, three skills, and a first call that did not ring.
   */
  readonly before: string;
  readonly most: { readonly clicks: number; readonly minutes: number };
}

const walks: Readonly<Record<string, Walk>> = {
  setup: { walk: walkSetUp, before: '75 clicks, 38 fields, 4.5 min at machine speed, no ring', most: { clicks: 30, minutes: 10 } },
  'agent-day': { walk: walkAgentDay, before: 'a demo call alone: about 10 clicks, 2 min', most: { clicks: 75, minutes: 12 } },
  'supervisor-50': {
    walk: walkSupervisorFifty,
    before: '24 of 50 agents on a screen, sorted 10, 12, 18, 2; breaks without a reason; no figures beside the agent',
    most: { clicks: 45, minutes: 6 },
  },
};

/** Seconds that a person needs to find and press a button, and to fill in a field. */
const CLICK_S = 4;
const FIELD_S = 8;

const only = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',') : Object.keys(walks);
const unknown = only.filter((name) => walks[name] === undefined);
if (unknown.length > 0) throw new Error(`--only names walks: ${Object.keys(walks).join(', ')}`);

await using browser = await WebBrowser.launch();
for (const [name, { walk, before, most }] of Object.entries(walks).filter(([each]) => only.includes(each))) {
  const steps = await walk(browser);
  const { cost } = steps;
  const minutes = (cost.ms / 1_000 + cost.clicks * CLICK_S + cost.fields * FIELD_S) / 60;
  console.log(`${name.padEnd(44)} clicks fields    time`);
  for (const part of steps.parts) console.log(costText(`  ${part.name}`, part.cost));
  console.log(costText('  all', cost));
  console.log(`  by hand about ${minutes.toFixed(1)} min (${String(CLICK_S)} s a click, ${String(FIELD_S)} s a field)`);
  console.log(`  before: ${before}`);
  console.log(`  target: at most ${String(most.clicks)} clicks and ${String(most.minutes)} min`);
  if (cost.clicks > most.clicks || minutes > most.minutes) process.exitCode = 1;
}
