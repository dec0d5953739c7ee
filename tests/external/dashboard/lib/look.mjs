// Looking at a page as a person does, and as an accessibility checker does.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Violations that are serious or worse, as text; '' where there are none. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ''})`).join(' | ')}`), RULES);
  return found.join('; ');
}

/** How far the page is wider than the window. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Goes to a page of the dashboard and waits until it has its data. */
export async function open(page, url, hash) {
  if (!page.url().startsWith(url)) await page.goto(`${url}/`);
  await page.evaluate((to) => { location.hash = to; }, hash);
  await settled(page);
}

/** Nothing is loading any more. */
export async function settled(page) {
  await page.waitForSelector('h1');
  await page.waitForFunction(() => !document.querySelector('.waiting') && !document.querySelector('.busy'));
}

// What moves would blur, and a picture must not differ from run to run more than it has to.
const CALM = '*, *::before, *::after { transition: none !important; animation: none !important; caret-color: transparent !important; }';

/** Takes pictures where a folder is given. */
export class Pictures {
  constructor(dir) {
    this.dir = dir;
    if (dir) fs.mkdirSync(dir, { recursive: true });
  }

  async take(page, name, height = 800) {
    if (!this.dir) return;
    const before = page.viewportSize();
    await page.setViewportSize({ width: before.width, height });
    // The page's own policy refuses a style element; a constructed sheet is the browser's affair.
    await page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets = [sheet];
      window.scrollTo(0, 0);
    }, CALM);
    await page.screenshot({ path: path.join(this.dir, `${name}.png`) });
    await page.evaluate(() => { document.adoptedStyleSheets = []; });
    await page.setViewportSize(before);
  }
}
