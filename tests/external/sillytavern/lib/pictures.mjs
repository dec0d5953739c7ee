// Pictures for the user guide, cropped to what they show. Without a folder none is taken.
import fs from 'node:fs';
import path from 'node:path';

const MARGIN = 6;

// The wallpaper behind the panels says nothing and makes the file ten times as large; what moves would blur.
const CALM = `
  #bg1, #bg_custom { background: #1c1c1c !important; }
  *, *::before, *::after { transition: none !important; animation: none !important; caret-color: transparent !important; }`;

export class Pictures {
  #page;
  #dir;

  constructor(page, dir) {
    this.#page = page;
    this.#dir = dir;
    if (dir) fs.mkdirSync(dir, { recursive: true });
  }

  /**
   * Takes `name`.png of the area that the elements cover together.
   *   above          so many pixels more at the top
   *   lastMessages   only so many messages of the chat are shown, below the toast
   */
  async take(name, selectors, { above = MARGIN, lastMessages = null } = {}) {
    if (!this.#dir) return;
    const page = this.#page;
    const hide = lastMessages === null ? '' : `#chat .mes:not(:nth-last-child(-n+${lastMessages})) { display: none; } #chat { padding-top: 170px !important; }`;
    const style = await page.addStyleTag({ content: CALM + hide });
    await page.evaluate(() => document.activeElement?.blur());
    await page.waitForTimeout(300);
    const boxes = await Promise.all(selectors.map(async (selector) => {
      const box = await page.locator(selector).first().boundingBox();
      if (!box) throw new Error(`nothing to picture at ${selector}`);
      return box;
    }));
    const { width, height } = page.viewportSize();
    const left = Math.max(0, Math.min(...boxes.map((b) => b.x)) - MARGIN);
    const top = Math.max(0, Math.min(...boxes.map((b) => b.y)) - above);
    const right = Math.min(width, Math.max(...boxes.map((b) => b.x + b.width)) + MARGIN);
    const bottom = Math.min(height, Math.max(...boxes.map((b) => b.y + b.height)) + MARGIN);
    await page.screenshot({ path: path.join(this.#dir, `${name}.png`), clip: { x: left, y: top, width: right - left, height: bottom - top } });
    await style.evaluate((element) => element.remove());
  }
}
