// npm run docs:pictures [-- SCENE]: takes the pictures of the handbooks anew, in both languages, of a product that it starts for them.
import { join } from 'node:path';
import { WebBrowser } from '../end-to-end/web-browser.js';
import { MessageServers } from '../support/servers/message-servers.js';
import { shortNotice } from '../support/centre/short-notice.js';
import { Stack } from '../support/stack.js';
import { complaints, inHours } from './case-scenes.js';
import { compliance } from './compliance-scenes.js';
import { firstSteps, moreCalls, oneCall } from './seat-scenes.js';
import { accounts, settings, supervision } from './staff-scenes.js';
import { Studio } from './studio.js';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'handbook', 'pictures');
const wanted = process.argv[2];

/** A time zone where it is day now: outbound calls and text messages have their hours. */
function zoneOfDay(): string {
  const hourIn = (timeZone: string): number => Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hour12: false, timeZone }).format());
  const zones = ['Asia/Shanghai', 'Pacific/Auckland', 'America/Los_Angeles', 'Europe/London'];
  return zones.find((zone) => hourIn(zone) >= 9 && hourIn(zone) < 20) ?? 'Asia/Shanghai';
}

await using browser = await WebBrowser.launch();
const languages = ['zh-CN', 'en'] as const;

if (wanted !== 'hours') {
  await using stack = await Stack.start({ layout: 'roles' });
  await shortNotice(stack);
  for (const language of languages) {
    const studio = new Studio(stack, browser, language, folder);
    const scenes = {
      seat: async () => {
        await firstSteps(studio);
        const paused = await oneCall(studio);
        if (language === 'zh-CN') await moreCalls(studio);
        await supervision(studio, paused);
      },
      accounts: () => accounts(studio),
      settings: () => settings(studio),
      complaints: () => complaints(studio),
    };
    for (const [name, scene] of Object.entries(scenes)) if (wanted === undefined || wanted === name) await scene();
  }
  if (wanted === undefined || wanted === 'compliance')
    await compliance(languages.map((language) => new Studio(stack, browser, language, folder)));
}
if (wanted === undefined || wanted === 'hours') {
  await using messages = await MessageServers.start();
  await using stack = await Stack.start({
    env: { ...messages.env, WEB_ORIGIN: 'https://centre.test', SITE_TIME_ZONE: zoneOfDay() },
  });
  await shortNotice(stack);
  await inHours(
    languages.map((language) => new Studio(stack, browser, language, folder)),
    messages,
  );
}
