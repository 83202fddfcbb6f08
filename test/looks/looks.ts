// npm run looks [-- --record] [-- --keep] [-- --only /calls,/queues]: draws every page in both languages, both themes and both widths, and compares it with its picture.
// --record asks a running product anew for what the pages show; --keep takes the pictures of now as the right ones.
import { WebBrowser } from '../end-to-end/web-browser.js';
import { compare } from './compare.js';
import { launch } from './draw.js';
import { drawnPages, people, plainPath } from './pages.js';
import { record } from './record.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const has = (option: string): boolean => process.argv.includes(option);
const only = (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',');
const pages = has('--only') ? drawnPages.filter((page) => only.includes(page.path) || only.includes(plainPath(page))) : drawnPages;
if (has('--record')) {
  await using browser = await WebBrowser.launch();
  // A tape is of a person: all pages of the people whose pages are named.
  await record(
    browser,
    people.filter((person) => pages.some((page) => page.person === person)),
  );
}
const browser = await launch();
const { isComparable, pictures, faults } = await compare(browser, pages, has('--keep'), print);
await browser.close();
if (!isComparable) print('Letters are drawn differently on this machine than on the one of the pictures: nothing was compared.');
for (const fault of faults) print(fault);
print(`${String(pictures)} pictures, ${String(faults.length)} faults`);
process.exit(faults.length === 0 ? 0 : 1);
