import type { Page } from 'playwright-core';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/centre/people.js';
import { until } from '../support/until.js';
import { moreCalls } from './seat-scenes.js';
import type { Studio } from './studio.js';

/** Pages of compliance staff: the file as it stands, then what differs after a filing. */
export async function compliance(studios: readonly Studio[]): Promise<void> {
  const [first] = studios;
  if (first === undefined) return;
  const { total } = await first.ask<{ total: number }>('supervisor', 'GET', '/api/calls?limit=1');
  if (total === 0) await moreCalls(first);
  await probed(first);
  for (const studio of studios) {
    const { page } = await studio.person('compliance');
    await studio.visit(page, '/readiness', 'readiness-page');
    await studio.shot(page, 'readiness');
    await drawing(studio, page);
    await refusedSheet(studio, page);
    await studio.visit(page, '/service-quality', 'service-quality-page');
    await page.getByTestId('quality-group').waitFor();
    await studio.shot(page, 'service-quality', 900);
    await inspectedCall(studio, page);
    await sealedPack(studio, page);
    await page.context().close();
  }
  await changeAfterFiling(first);
  for (const studio of studios) {
    const { page } = await studio.person('compliance');
    await studio.visit(page, '/readiness', 'readiness-page');
    const differences = page.getByTestId('differences');
    await differences.waitFor();
    await page.setViewportSize({ width: 1366, height: 768 });
    await differences.evaluate((element) => element.closest('section')?.scrollIntoView());
    await studio.shot(page, 'filing');
    await page.context().close();
  }
}

const probed = (studio: Studio): Promise<unknown> => studio.ask('compliance', 'POST', '/api/evidence/probes/run');

async function drawing(studio: Studio, page: Page): Promise<void> {
  await studio.visit(page, '/topology', 'topology-page');
  await page.locator('[data-testid=topology-page] img').evaluate((image: HTMLImageElement) => image.decode());
  await studio.shot(page, 'topology');
}

/** A sheet of seats with the mistakes that people make. */
async function refusedSheet(studio: Studio, page: Page): Promise<void> {
  const sheet = [
    studio.say('坐席号,场地,终端资产编号,分机,远程坐席,启用日期', 'Seat,Site,Terminal asset,Extension,Remote,From'),
    '113,HALL1,PC-113,8113,,2026-11-20',
    studio.say('114,HALL1,PC-114,8114,也许,2026-13-01', '114,HALL1,PC-114,8114,perhaps,2026-13-01'),
    ',HALL1,PC-115,8115,,2026-11-20',
    studio.say('116,,PC-116,8116,,昨天', '116,,PC-116,8116,,yesterday'),
    '113,HALL1,PC-117,8117,,2026-11-20',
  ];
  await studio.visit(page, '/registry?register=seats', 'registry-page');
  await page
    .locator('.ant-upload input[type=file]')
    .setInputFiles({ name: 'seats.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet.join('\n')) });
  await page.getByTestId('bad-lines').waitFor();
  await studio.shot(page, 'import');
}

/** What an inspector sees of a call, with the verdict of its recording. */
async function inspectedCall(studio: Studio, page: Page): Promise<void> {
  await studio.visit(page, '/inspector', 'inspector-page');
  await page.getByTestId('inspector-number').fill('0002');
  await page.getByTestId('inspector-number').press('Enter');
  await page.locator('.inspector ul.plain').first().getByRole('button').first().click();
  await page.locator('[data-testid=hash-verdict][data-verdict=equal]').waitFor();
  await page.getByTestId('inspector-page').evaluate((element) => element.closest('main')?.scrollTo(0, 0));
  await studio.shot(page, 'inspector');
}

/** A pack of today, verified, with one of its documents open. */
async function sealedPack(studio: Studio, page: Page): Promise<void> {
  const { today } = await studio.ask<{ today: string }>('compliance', 'GET', '/api/evidence/duties');
  await studio.ask('compliance', 'POST', '/api/evidence/packs', {
    kind: 'inspection',
    language: studio.language,
    from: `${today.slice(0, 7)}-01`,
    to: today,
  });
  const packs = (): Promise<{ packs: readonly { language?: string }[] }> => studio.ask('compliance', 'GET', '/api/evidence/packs');
  await until(packs, (read) => read.packs.some(({ language }) => language === studio.language), 180_000);
  await studio.visit(page, '/packs', 'packs-page');
  await page.getByTestId('check-pack').first().click();
  await page
    .getByTestId('pack-view')
    .getByRole('button', { name: /^06.*\.pdf$/ })
    .click();
  await page.locator('iframe.pack-preview').waitFor();
  await page.locator('.ant-drawer-body').evaluate((body) => body.scrollTo(0, 0));
  await drawn(page);
  await studio.shot(page, 'pack');
}

/** Waits until the browser has drawn the document: its viewer reports nothing, but its picture stays the same and is not one colour. */
async function drawn(page: Page): Promise<void> {
  const clip = await page.locator('iframe.pack-preview').boundingBox();
  let before = '';
  await until(
    async () => {
      const picture = await page.screenshot(clip === null ? {} : { clip });
      const [last, now] = [before, picture.toString('base64')];
      before = now;
      return picture.length > DRAWN_BYTES && now === last;
    },
    (same) => same,
  );
}

/** A picture of an empty viewer is smaller. */
const DRAWN_BYTES = 30_000;

/** Frozen as filed; then a terminal is replaced, a seat is added, a number may be shown, and somebody uses an undeclared seat. */
async function changeAfterFiling(studio: Studio): Promise<void> {
  const { today } = await studio.ask<{ today: string }>('compliance', 'GET', '/api/evidence/duties');
  await studio.ask('compliance', 'POST', '/api/evidence/filings', { filedOn: today, note: '许可备案 / licence' });
  const change = async (register: string, key: string, changed: object): Promise<void> => {
    const path = `/api/registry/${register}/entries/${key}`;
    const { entry } = await studio.ask<{ entry: { revision: number; values: object } }>('compliance', 'GET', path);
    await studio.ask('compliance', 'PUT', path, { revision: entry.revision, values: { ...entry.values, ...changed } });
  };
  await change('seats', '109', { terminalAsset: 'PC-139' });
  await change('trunks', 'carrier-1', { permittedCallers: ['4001000', '95100'] });
  await studio.ask('compliance', 'POST', '/api/registry/seats', {
    values: { seatNumber: '112', siteId: 'HALL1', terminalAsset: 'PC-112', extension: '8112', usedFrom: today },
  });
  const colleague = await newPerson(studio.stack, await studio.stack.signIn('admin'), { name: 'zhou.min', roles: ['agent'] });
  const seat = await BareSeat.openAs(studio.stack, colleague.token);
  await seat.ready();
  await until(
    async () => {
      await probed(studio);
      return studio.ask<{ filing: { differences: readonly { subject: string }[] } }>('compliance', 'GET', '/api/evidence/filing');
    },
    ({ filing }) => filing.differences.some(({ subject }) => subject.startsWith('equipment/seats:')),
  );
  await seat.leave();
}
