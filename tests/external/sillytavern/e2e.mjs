// The real SillyTavern in real Chromium, worked by clicks, through Tuppence.
//   node e2e.mjs --gateway PATH [--screenshots DIR] [--dir DIR]
//   node e2e.mjs                     straight at the fake API: shows what SillyTavern does without a gateway
// First against a fake Messages API behind the gateway, then against the gateway's own emulator.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { freePort, onInterrupt, startGateway } from '../lib/gateway.mjs';
import { createFakeApi } from './lib/fake-api.mjs';
import { openBrowser, openPage } from './lib/ui.mjs';
import { startSillyTavern } from './lib/st.mjs';
import { Pictures } from './lib/pictures.mjs';
import { firstContact, chat } from './scenario.mjs';
import { failures } from './failures.mjs';
import { emulator } from './emulator.mjs';

allow('gateway', 'screenshots', 'dir');
const binary = option('gateway', null);
const dir = path.resolve(option('dir', path.join(os.tmpdir(), 'tuppence-st')));
fs.mkdirSync(dir, { recursive: true });
const pageLog = fs.createWriteStream(path.join(dir, 'page.log'));
const book = new Book('sillytavern');
const ending = [];
const end = async () => { for (const stop of ending.splice(0).reverse()) await stop().catch((e) => console.error(e)); };
const keep = (thing, stop) => { ending.push(stop ?? (() => thing.stop())); return thing; };
onInterrupt(end);

/** RETRIES of the gateway under test: few, as each costs the base delay. */
const RETRIES = 1;

async function act({ name, config, steps }) {
  const folder = path.join(dir, name);
  const api = keep(await createFakeApi(await freePort()), () => api.close());
  const gateway = binary ? keep(await startGateway({ binary, dir: path.join(folder, 'gateway'), config: config(api) })) : null;
  const st = keep(await startSillyTavern({ dir: folder, port: await freePort() }));
  console.log(`... SillyTavern is up after ${st.startMs} ms (${name})`);
  const browser = keep(await openBrowser(), () => browser.close());
  const page = await openPage(browser, st, (line) => pageLog.write(`${line}\n`));

  let n = 0;
  /** A case; what the upstream got meanwhile is handed to it. */
  const step = (id, run) => book.case(`${name}: ${id}`, async () => {
    api.clearQueue();
    const from = api.requests.length;
    try {
      await run(() => api.requests.slice(from));
    } catch (e) {
      const picture = path.join(dir, `failed-${name}-${++n}.png`);
      await page.screenshot({ path: picture }).catch(() => {});
      throw e;
    }
    return '';
  });
  const pictures = new Pictures(page, option('screenshots', null));
  try {
    await steps({ page, api, step, pictures, gateway, retries: gateway ? RETRIES : 0, url: gateway?.url ?? api.base });
  } finally {
    await end();
  }
}

try {
  await act({
    name: 'relay',
    config: (api) => ({ upstream: api.base, retry: { max_retries: RETRIES } }),
    steps: async (scene) => {
      await firstContact(scene);
      await chat(scene);
      await failures(scene);
    },
  });
  if (binary) await act({ name: 'emulator', config: () => ({}), steps: emulator });
} catch (e) {
  book.add('the scene could be set', e.stack);
} finally {
  await end();
}
book.done();
process.exit();
