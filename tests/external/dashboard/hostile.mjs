// A page of another origin, and one whose name was rebound to the gateway's address: it learns nothing and changes nothing.
// Each attack is first shown to work against a careless server of the same shape.
import http from 'node:http';
import fs from 'node:fs';
import { once } from 'node:events';

export const EVIL = 'evil.example';
export const REBOUND = 'rebound.example';
/** Chromium's switches that give the attacker names of its own and take the browser's own guard of local addresses away. */
export const SWITCHES = [
  '--disable-quic',
  `--host-resolver-rules=MAP ${EVIL} 127.0.0.1, MAP ${REBOUND} 127.0.0.1, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND`,
  '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessRespectPreflightResults,BlockInsecurePrivateNetworkRequests',
];

const SECRET = 'claude-sonnet-5';
const SETTLE_MS = 300;

/** Each runs in the attacker's page and gives what it could read. */
const READS = {
  'fetch of the requests': async ({ base }) => (await fetch(`${base}/tuppence/api/requests`, { credentials: 'include' })).text(),
  'fetch in no-cors mode': async ({ base }) => (await fetch(`${base}/tuppence/api/overview`, { mode: 'no-cors', credentials: 'include' })).text(),
  'EventSource of the live feed': ({ base }) => new Promise((done) => {
    const source = new EventSource(`${base}/tuppence/api/live`, { withCredentials: true });
    source.addEventListener('hello', (e) => { source.close(); done(`claude-sonnet-5 ${e.data}`); });
    source.onerror = () => { source.close(); done(''); };
  }),
  'iframe of the page': ({ base }) => new Promise((done) => {
    const frame = document.createElement('iframe');
    frame.src = `${base}/`;
    frame.onload = () => { try { done(frame.contentDocument?.body?.textContent ?? ''); } catch { done(frame.contentWindow.length > 0 ? 'framed' : ''); } };
    document.body.append(frame);
    setTimeout(() => done(''), 2000);
  }),
  'script of an export': ({ base }) => new Promise((done) => {
    let read = '';
    window.onerror = (message) => { read += message; };
    const script = Object.assign(document.createElement('script'), { src: `${base}/tuppence/api/export?format=jsonl`, onload: () => done(read || 'loaded'), onerror: () => done('') });
    document.body.append(script);
  }),
  'image of an export': ({ base }) => new Promise((done) => {
    const image = new Image();
    image.onload = () => done('loaded');
    image.onerror = () => done('');
    image.src = `${base}/tuppence/api/export?format=csv`;
  }),
};

const CHANGES = {
  'JSON POST of a setting': async ({ base, body }) => { await fetch(`${base}/tuppence/api/settings`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body }); },
  'text/plain POST of a setting': async ({ base, body }) => { await fetch(`${base}/tuppence/api/settings`, { method: 'POST', mode: 'no-cors', credentials: 'include', headers: { 'content-type': 'text/plain' }, body }); },
  'POST of a blob without a type': async ({ base, body }) => { await fetch(`${base}/tuppence/api/settings`, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new Blob([body]) }); },
  beacon: async ({ base, body }) => { navigator.sendBeacon(`${base}/tuppence/api/settings`, body); },
  'form POST': async ({ base, body }) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'target' });
    const form = Object.assign(document.createElement('form'), { action: `${base}/tuppence/api/settings`, method: 'post', enctype: 'text/plain', target: 'target' });
    form.append(Object.assign(document.createElement('input'), { name: `${body.slice(0, -1)},"x":"`, value: '"}' }));
    document.body.append(frame, form);
    const loaded = new Promise((done) => { frame.onload = done; setTimeout(done, 2000); });
    form.submit();
    await loaded;
  },
  'PUT of a preset': async ({ base }) => { await fetch(`${base}/tuppence/api/presets/stolen`, { method: 'PUT', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"text":"{}"}' }); },
  'DELETE of a preset': async ({ base }) => { await fetch(`${base}/tuppence/api/presets/slow`, { method: 'DELETE', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' }); },
};

/** A server that guards nothing: it tells what it knows to anyone and takes every change. */
async function startCareless() {
  let changed = 0;
  const server = http.createServer(async (req, res) => {
    const cors = { 'access-control-allow-origin': req.headers.origin ?? '*', 'access-control-allow-credentials': 'true', 'access-control-allow-headers': 'content-type', 'access-control-allow-methods': 'GET, POST, PUT, DELETE' };
    for await (const _ of req) { /* whatever it is */ }
    if (req.method === 'OPTIONS') return res.writeHead(204, cors).end();
    if (req.method !== 'GET') changed++;
    if (req.url.endsWith('/live')) {
      res.writeHead(200, { 'content-type': 'text/event-stream', ...cors });
      return res.write(`event: hello\ndata: ["${SECRET}"]\n\n`);
    }
    if (req.url.endsWith('csv')) return res.writeHead(200, { 'content-type': 'image/svg+xml', ...cors }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    if (req.url.endsWith('jsonl')) return res.writeHead(200, { 'content-type': 'text/javascript', ...cors }).end(`/* ${SECRET} */`);
    if (req.url === '/') return res.writeHead(200, { 'content-type': 'text/html' }).end('<iframe></iframe>');
    return res.writeHead(200, { 'content-type': 'application/json', ...cors }).end(`"${SECRET}"`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, take: () => { const n = changed; changed = 0; return n; }, stop: async () => { server.closeAllConnections(); server.close(); } };
}

/**
 * @param {import('../lib/book.mjs').Book} book
 * @param {import('playwright-core').Browser} browser  with SWITCHES
 * @param {{ url: string, port: number }} gateway
 * @param {() => string} state  all that must stay as it is, as text
 * @param {string} [key]  of a gateway with keys: the browser of the victim is signed in with it
 */
export async function attack({ book, browser, gateway, state, keep, kind, key = null }) {
  const careless = keep(await startCareless());
  const pages = http.createServer((_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>a page</title><body></body>'));
  pages.listen(0, '127.0.0.1');
  await once(pages, 'listening');
  keep({ stop: async () => { pages.closeAllConnections(); pages.close(); } });
  const pagePort = pages.address().port;
  // What the gateway would take from its own page: only who asks is wrong.
  const { version } = await (await fetch(`${gateway.url}/tuppence/api/settings`, { headers: key ? { 'x-api-key': key } : {} })).json();
  const body = JSON.stringify({ version, changes: [{ path: 'log_level', value: 'trace' }] });

  /** A page in the victim's browser, signed in where there are keys. */
  const victim = async (context) => {
    const page = await context.newPage();
    if (!key) return page;
    await page.goto(`${gateway.url}/`);
    const status = await page.evaluate(async (text) => (await fetch('/tuppence/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })).status, JSON.stringify({ key }));
    if (status >= 300) throw new Error(`the victim cannot sign in: ${status}`);
    return page;
  };

  await book.case(`hostile, ${kind}: the change that is attempted is one that its own page may make`, async () => {
    const context = await browser.newContext();
    try {
      const page = await victim(context);
      await page.goto(`${gateway.url}/`);
      const answer = await page.evaluate(async (text) => (await fetch('/tuppence/api/settings/check', { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })).json(), body);
      return answer.ok ? '' : `it is refused there too: ${JSON.stringify(answer)}`;
    } finally {
      await context.close();
    }
  });

  const inPage = async (from, run, base) => {
    const context = await browser.newContext();
    try {
      const page = await victim(context);
      await page.goto(from);
      const read = await page.evaluate(`(${run})(${JSON.stringify({ base, body })}).catch(() => '')`);
      await page.waitForTimeout(SETTLE_MS);
      return read ?? '';
    } finally {
      await context.close();
    }
  };

  for (const [origin, from] of [['another origin', `http://${EVIL}:${pagePort}/`], ['another port', `http://127.0.0.1:${pagePort}/`]]) {
    for (const [id, run] of Object.entries(READS)) {
      if (id !== 'fetch in no-cors mode' && id !== 'iframe of the page') {
        await book.case(`hostile, ${kind}, ${origin}, ${id}: works against a careless server`, async () => (await inPage(from, run, `http://127.0.0.1:${careless.port}`) ? '' : 'it reads nothing: the case proves nothing'));
      }
      await book.case(`hostile, ${kind}, ${origin}, ${id}: learns nothing`, async () => {
        const read = await inPage(from, run, gateway.url);
        return read ? `it read ${read.slice(0, 120)}` : '';
      });
    }
    for (const [id, run] of Object.entries(CHANGES)) {
      await book.case(`hostile, ${kind}, ${origin}, ${id}: works against a careless server`, async () => {
        careless.take();
        await inPage(from, run, `http://127.0.0.1:${careless.port}`);
        return careless.take() > 0 ? '' : 'it changes nothing: the case proves nothing';
      });
      await book.case(`hostile, ${kind}, ${origin}, ${id}: changes nothing`, async () => {
        const before = state();
        await inPage(from, run, gateway.url);
        return state() === before ? '' : 'something was changed';
      });
    }
  }

  await book.case(`hostile, ${kind}: a rebound name shows nothing of the gateway and changes nothing`, async () => {
    const before = state();
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const answer = await page.goto(`http://${REBOUND}:${gateway.port}/`);
      if (answer.status() !== 421) return `the page got ${answer.status()}`;
      for (const path of ['/tuppence/app/dashboard.js', '/tuppence/api/session', '/tuppence/api/requests', '/tuppence/api/live', '/tuppence/api/export?format=csv']) {
        const status = await page.evaluate(async (to) => (await fetch(to)).status, path);
        if (status !== 421) return `${path} got ${status}`;
      }
      const change = await page.evaluate(async (text) => (await fetch('/tuppence/api/settings', { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })).status, body);
      return change === 421 && state() === before ? '' : `the change got ${change}`;
    } finally {
      await context.close();
    }
  });
}

/** All files below a folder, as one text. */
export const contentOf = (dir) => fs.readdirSync(dir, { recursive: true }).sort().filter((name) => fs.statSync(`${dir}/${name}`).isFile()).map((name) => `${name}\n${fs.readFileSync(`${dir}/${name}`, 'utf8')}`).join('\n');
