// A hostile web page in real Chromium against a gateway on 127.0.0.1: it must spend nothing and read nothing.
//   node attack.mjs --gateway PATH [--dir DIR]
// The page comes from another origin, and once from a name of its own that resolves to 127.0.0.1 (DNS rebinding).
// What counts is what the upstream saw and what the page could read. Each attack is first shown to work against a proxy
// without a guard (CORS for all, no checks): an attack that never works would prove nothing.
import http from 'node:http';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { launch } from '../lib/chromium.mjs';
import { onInterrupt, startGateway } from '../lib/gateway.mjs';

allow('gateway', 'dir');
const binary = option('gateway', null);
if (!binary) {
  console.error('--gateway PATH is needed');
  process.exit(2);
}
const dir = path.resolve(option('dir', path.join(os.tmpdir(), 'tuppence-browser')));
fs.mkdirSync(dir, { recursive: true });

const EVIL = 'evil.example';
const REBOUND = 'rebound.example';
const SECRET = 'the-answer-of-the-upstream';
const SETTLE_MS = 400;

const book = new Book('browser');
const ending = [];
const end = async () => { for (const stop of ending.splice(0).reverse()) await stop().catch((e) => console.error(e)); };
onInterrupt(end);

/** A server on a port of its own; `handle` gets the request with its body. */
async function serve(handle) {
  const server = http.createServer(async (req, res) => {
    const parts = [];
    for await (const part of req) parts.push(part);
    handle(req, res, Buffer.concat(parts));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.push(async () => { server.closeAllConnections(); server.close(); });
  return server.address().port;
}

let spent = [];
const answer = JSON.stringify({
  id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text: SECRET }],
  stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 },
});
const upstreamPort = await serve((req, res) => {
  spent.push(`${req.method} ${req.url}`);
  res.writeHead(200, { 'content-type': 'application/json' }).end(answer);
});

/** A careless proxy, the kind that the attacks work against. */
const carelessPort = await serve((req, res, body) => {
  const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' };
  if (req.method === 'OPTIONS') return res.writeHead(204, { ...cors, 'access-control-allow-private-network': 'true' }).end();
  const onward = http.request({ host: '127.0.0.1', port: upstreamPort, method: req.method, path: req.url }, (up) => {
    res.writeHead(up.statusCode, { 'content-type': 'application/json', ...cors });
    up.pipe(res);
  });
  return onward.end(body);
});

const pagePort = await serve((_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>a page</title><body></body>'));

const gateway = await startGateway({
  binary,
  dir,
  config: { upstream: `http://127.0.0.1:${upstreamPort}`, retry: { max_retries: 0 } },
});
ending.push(() => gateway.stop());

const browser = await launch(chromium, [
  '--disable-quic',
  `--host-resolver-rules=MAP ${EVIL} 127.0.0.1, MAP ${REBOUND} 127.0.0.1, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND`,
  // The browser's own guard of local addresses is not ours to rely on.
  '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessRespectPreflightResults,BlockInsecurePrivateNetworkRequests',
]);
ending.push(() => browser.close());

// ---- the attacks; each runs in the page and gives what it could read

const BODY = JSON.stringify({ model: 'claude-opus-5', max_tokens: 16, messages: [{ role: 'user', content: 'spend' }] });

const ATTACKS = {
  'JSON POST with preflight': async ({ base, body }) => {
    const r = await fetch(`${base}/v1/messages`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': 'k' }, body });
    return r.text();
  },
  'text/plain POST without preflight': async ({ base, body }) => {
    const r = await fetch(`${base}/v1/messages`, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body });
    return r.text();
  },
  'POST of a blob without a content type': async ({ base, body }) => {
    const r = await fetch(`${base}/v1/messages`, { method: 'POST', mode: 'no-cors', body: new Blob([body]) });
    return r.text();
  },
  beacon: async ({ base, body }) => {
    if (!navigator.sendBeacon(`${base}/v1/messages`, body)) throw new Error('the browser did not send it');
    return '';
  },
  'form POST': async ({ base, body }) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'target' });
    const form = Object.assign(document.createElement('form'), { action: `${base}/v1/messages`, method: 'post', enctype: 'text/plain', target: 'target' });
    const input = Object.assign(document.createElement('input'), { name: `${body.slice(0, -1)},"x":"`, value: '"}' });
    form.append(input);
    document.body.append(frame, form);
    const loaded = new Promise((r) => { frame.onload = r; setTimeout(r, 2000); });
    form.submit();
    await loaded;
    try { return frame.contentDocument?.body?.textContent ?? ''; } catch { return ''; }
  },
  'image GET': async ({ base }) => {
    await new Promise((r) => {
      const image = new Image();
      image.onload = image.onerror = r;
      image.src = `${base}/v1/models`;
    });
    return '';
  },
  'GET in no-cors mode': async ({ base }) => (await fetch(`${base}/v1/models`, { mode: 'no-cors' })).text(),
  'GET in cors mode': async ({ base }) => (await fetch(`${base}/v1/models`)).text(),
  'script tag': async ({ base }) => {
    await new Promise((r) => {
      const script = Object.assign(document.createElement('script'), { src: `${base}/v1/models`, onload: r, onerror: r });
      document.body.append(script);
    });
    return '';
  },
};

/** Runs an attack from a fresh page at `from` against `base`. */
async function attack(run, from, base) {
  const context = await browser.newContext();
  spent = [];
  try {
    const page = await context.newPage();
    await page.goto(from);
    const read = await page.evaluate(`(${run})(${JSON.stringify({ base, body: BODY })}).catch(() => '')`);
    await page.waitForTimeout(SETTLE_MS);
    return { spent, read };
  } finally {
    await context.close();
  }
}

const harm = ({ spent: calls, read }) => [
  calls.length ? `the upstream was called: ${calls.join(', ')}` : '',
  read.includes(SECRET) ? 'the page could read the answer' : '',
].filter(Boolean).join('; ');

async function judge(id, run, from, guarded, careless) {
  await book.case(`${id}: works against a careless proxy`, async () => (harm(await attack(run, from, careless)) ? '' : 'it does nothing: the case proves nothing'));
  await book.case(`${id}: harmless against the gateway`, async () => harm(await attack(run, from, guarded)));
}

const foreignPage = `http://${EVIL}:${pagePort}/`;
for (const [id, run] of Object.entries(ATTACKS)) {
  await judge(id, run, foreignPage, `http://127.0.0.1:${gateway.port}`, `http://127.0.0.1:${carelessPort}`);
}

// Another port of the same host is another origin, but the same site.
await judge('page on another port of the machine', ATTACKS['JSON POST with preflight'], `http://127.0.0.1:${pagePort}/`,
  `http://127.0.0.1:${gateway.port}`, `http://127.0.0.1:${carelessPort}`);

// DNS rebinding: for the browser page and gateway are one origin, so there is no Origin and nothing to preflight.
for (const method of ['GET', 'POST']) {
  const run = method === 'GET' ? ATTACKS['GET in cors mode'] : ATTACKS['JSON POST with preflight'];
  const rebound = async (port) => attack(run, `http://${REBOUND}:${port}/`, `http://${REBOUND}:${port}`);
  await book.case(`DNS rebinding, ${method}: works against a careless proxy`, async () => (harm(await rebound(carelessPort)) ? '' : 'it does nothing: the case proves nothing'));
  await book.case(`DNS rebinding, ${method}: harmless against the gateway`, async () => harm(await rebound(gateway.port)));
}
await book.case('DNS rebinding: the page shows nothing of the gateway', async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const response = await page.goto(`http://${REBOUND}:${gateway.port}/`);
    return response.status() === 421 ? '' : `status ${response.status()} instead of 421: ${(await page.content()).slice(0, 120)}`;
  } finally {
    await context.close();
  }
});

// What a person does must still work: the front page, opened in the address bar.
await book.case('the front page opens for the user', async () => {
  const context = await browser.newContext();
  try {
    const response = await (await context.newPage()).goto(`${gateway.url}/`);
    return response.status() === 200 ? '' : `status ${response.status()}`;
  } finally {
    await context.close();
  }
});

await end();
book.done();
process.exit();
