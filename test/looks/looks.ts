// npm run looks [-- --record] [-- --keep] [-- --only /calls,/queues]: draws every page in both languages, both themes and both widths, and compares it with its picture.
// --record asks a running product anew for what the pages show; --keep takes the pictures of now as the right ones.
import { WebBrowser } from '../end-to-end/web-browser.js';
import { changedPages, compare } from './compare.js';
import { launch } from './draw.js';
import { drawnPages } from './pages.js';
import { record } from './record.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const has = (option: string): boolean => process.argv.includes(option);
if (has('--record')) {
  await using browser = await WebBrowser.launch();
  await record(browser);
}
const browser = await launch();
const only = (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',');
// Keeping pictures renews what is known of all sources, so pages whose sources changed are drawn with those that were named.
const changed = has('--only') && has('--keep') ? await changedPages() : [];
const pages = has('--only') ? drawnPages.filter((page) => only.includes(page.path) || changed.includes(page)) : drawnPages;
const { isComparable, pictures, faults } = await compare(browser, pages, has('--keep'), print);
await browser.close();
if (!isComparable) print('Letters are drawn differently on this machine than on the one of the pictures: nothing was compared.');
for (const fault of faults) print(fault);
print(`${String(pictures)} pictures, ${String(faults.length)} faults`);
process.exit(faults.length === 0 ? 0 : 1);
