#!/usr/bin/env node
// A development tool: serves the built pages with made-up answers of the gateway's shape (src/api/contract.ts), so that pages can be worked
// on without a gateway. All figures are invented.
//   npm run build && node dev/fixtures.mjs [--port 5199] [--empty] [--key]
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const app = path.join(here, '../../src/Tuppence/Dashboard/app');
const icon = path.join(here, '../../src/Tuppence/Endpoints/Pages/favicon.svg');
const value = (name, fallback) => { const i = process.argv.indexOf(`--${name}`); return i > 0 ? process.argv[i + 1] : fallback; };
const empty = process.argv.includes('--empty');
const needsKey = process.argv.includes('--key');
let signedIn = !needsKey;

// One sequence of numbers, so that pictures repeat.
let seed = 7;
const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
const between = (low, high) => Math.round(low + random() * (high - low));
const NOW = Date.now();
const ago = (minutes) => new Date(NOW - minutes * 60000).toISOString();
const PRICE = { input: 3000, read: 300, write5: 3750, write1: 6000, output: 15000 };
const sumOf = (rows, group = null) => rows.reduce((s, r) => ({
  ...s, requests: s.requests + 1, failed: s.failed + (r.status >= 400 ? 1 : 0), input: s.input + (r.usage?.input ?? 0), cacheRead: s.cacheRead + (r.usage?.cacheRead ?? 0),
  cacheWrite5m: s.cacheWrite5m + (r.usage?.cacheWrite5m ?? 0), cacheWrite1h: s.cacheWrite1h + (r.usage?.cacheWrite1h ?? 0), output: s.output + (r.usage?.output ?? 0),
  cost: s.cost + (r.cost?.total ?? 0), withoutCaching: s.withoutCaching + (r.cost?.withoutCaching ?? 0), bound: s.bound + Math.round((r.cost?.total ?? 0) * 0.86),
}), { group, requests: 0, failed: 0, unpriced: 0, input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, cost: 0, withoutCaching: 0, bound: 0 });

const TEXTS = {
  first: 'first request', nothing: 'nothing broke', lore: 'lore came or went', clock: 'a clock moved on', truncation: 'the oldest messages were dropped',
  expiry: 'the pause was longer than the cache lives', note: 'a note moved along',
};
let ids = 0;
const id = () => `01K${String(++ids).padStart(9, '0')}7QX`;

function row(o) {
  const usage = o.usage === null ? null : { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, thinking: null, webSearches: 0, webFetches: 0, serviceTier: 'standard', inferenceGeo: null, partial: false, ...o.usage };
  const parts = usage && { input: usage.input * PRICE.input, cacheRead: usage.cacheRead * PRICE.read, cacheWrite: usage.cacheWrite5m * PRICE.write5 + usage.cacheWrite1h * PRICE.write1, output: usage.output * PRICE.output, serverTools: 0 };
  const cost = parts && { ...parts, total: Object.values(parts).reduce((a, b) => a + b, 0), withoutCaching: (usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h) * PRICE.input + parts.output };
  const first = between(400_000, 2_400_000);
  return {
    id: id(), kind: 'message', outcome: 'completed', conversation: null, title: null, preset: null, key: null, client: 'SillyTavern', upstream: 'anthropic', platform: 'anthropic', model: 'claude-sonnet-5',
    status: 200, stream: true, stopReason: 'end_turn', errorType: null, providerId: 'req_011CSHoEeqs5C35K2UUqR7Fy', times: { queue: between(60, 240), firstByte: first, total: first + between(3e6, 14e6), own: between(90, 420) },
    retries: 0, edits: '', turn: null, requestBytes: between(20_000, 220_000), responseBytes: between(3000, 22_000), ...o, usage, cost,
  };
}

function chat(count, begin, title, client = 'SillyTavern') {
  const conversation = `c${id()}`;
  const rows = [];
  let prompt = 2600;
  let cached = 0;
  for (let n = 1; n <= count; n++) {
    prompt += between(240, 620);
    const cause = n === 1 ? 'first' : n % 11 === 0 ? 'lore' : n === 17 ? 'expiry' : n % 13 === 0 ? 'note' : n === 34 ? 'truncation' : 'nothing';
    if (cause === 'truncation') prompt = Math.round(prompt * 0.72);
    const kept = { first: 0, lore: 1900, expiry: 0, note: Math.max(0, cached - 1400), truncation: 2400, nothing: cached }[cause];
    const shared = Math.min(cached, prompt);
    const read = Math.min(kept, prompt);
    const missed = Math.max(0, shared - read);
    const tail = between(60, 180);
    const written = Math.max(0, prompt - read - missed - tail);
    const strip = [{ kind: 'read', tokens: read }, { kind: 'missed', tokens: missed }, { kind: n === 1 ? 'written_1h' : 'written_5m', tokens: written }, { kind: 'uncached', tokens: tail }].filter((run) => run.tokens > 0);
    rows.push(row({
      at: ago(begin - n * 2.5), conversation, title, client, preset: n % 5 ? null : 'storyteller', edits: 'cache-markers(4)',
      usage: { input: tail, cacheRead: read, cacheWrite5m: n === 1 ? 0 : missed + written, cacheWrite1h: n === 1 ? missed + written : 0, output: between(180, 620) },
      turn: { number: n, level: 'markers', planned: 0, bound: 0, cause, causeText: TEXTS[cause], brokenTokens: missed, brokenCost: missed * (PRICE.write5 - PRICE.read), strip },
    }));
    rows.at(-1).turn.planned = rows.at(-1).cost.total - rows.at(-1).cost.output;
    rows.at(-1).turn.bound = Math.round(rows.at(-1).turn.planned * 0.8);
    cached = prompt - tail;
  }
  return rows;
}

const chats = empty ? [] : [chat(40, 120, 'I follow the path down to the old mill. What do I find there?'), chat(12, 700, 'Write a summary of the meeting in three points.', 'anthropic-typescript/1.12'), chat(6, 1500, null, 'claude-cli/2.1')];
const rows = [...chats.flat(), ...(empty ? [] : [
  row({ at: ago(3), status: 529, outcome: 'completed', errorType: 'overloaded_error', usage: null, retries: 2 }),
  row({ at: ago(9), outcome: 'client_left', usage: { input: 800, output: 42, partial: true } }),
  row({ at: ago(31), outcome: 'unreachable', status: 502, errorType: 'api_error', usage: null }),
  row({ at: ago(55), kind: 'count_tokens', usage: null, stream: false, times: { queue: 80, firstByte: 90_000, total: 91_000, own: 130 } }),
])].sort((a, b) => (a.at < b.at ? 1 : -1));
const conversations = chats.map((list) => ({ id: list[0].conversation, title: list[0].title, model: list[0].model, client: list[0].client, since: list[0].at, latest: list.at(-1).at, sum: sumOf(list) }));

const budgets = empty ? [] : [
  { name: 'in total', scope: 'total', of: null, period: 'month', spent: 6_120_400_000, reserved: 24_000_000, soft: 8_000_000_000, hard: 10_000_000_000, resets: new Date(NOW + 8 * 864e5).toISOString(), state: 'within' },
  { name: 'key phone', scope: 'key', of: 'phone', period: 'day', spent: 500_120_000, reserved: 0, soft: 300_000_000, hard: 500_000_000, resets: new Date(NOW + 6 * 36e5).toISOString(), state: 'hard' },
];
const PRESETS = [
  { name: 'assistant', description: 'A plain, helpful assistant.', url: 'http://127.0.0.1:42069/v1/assistant', shipped: true, cost: empty ? null : sumOf([]) },
  { name: 'storyteller', description: 'Roleplay and fiction in turns.', url: 'http://127.0.0.1:42069/v1/storyteller', shipped: true, cost: empty ? null : sumOf(chats[0].filter((r) => r.preset)) },
];
const overview = (range) => {
  const hours = range === 'day';
  const scale = { day: 24, week: 7, month: 30 }[range];
  const sums = Array.from({ length: scale }, (_, i) => {
    const at = new Date(NOW - (scale - 1 - i) * (hours ? 36e5 : 864e5));
    if (hours) at.setMinutes(0, 0, 0);
    const some = empty ? [] : rows.filter((_, n) => (n * 7 + i) % 9 === 0).slice(0, (i * 5) % 7);
    return sumOf(some, hours ? at.toISOString() : at.toISOString().slice(0, 10));
  });
  const today = sumOf(rows.slice(0, 44));
  const times = (sum, by) => Object.fromEntries(Object.entries(sum).map(([k, v]) => [k, typeof v === 'number' ? Math.round(v * by) : v]));
  return {
    today, week: times(today, 4.3), month: times(today, 15.7), chart: { by: hours ? 'hour' : 'day', sums },
    upstreams: [
      { name: 'anthropic', kind: 'anthropic', origin: 'https://api.anthropic.com', state: empty ? 'untried' : 'connected', credential: 'API key from ANTHROPIC_API_KEY', signIn: null, lastAnswer: empty ? null : ago(2), lastError: null },
      { name: 'work', kind: 'gateway', origin: 'https://gateway.example.com', state: 'needs_sign_in', credential: 'sign-in, nobody is signed in', signIn: { url: '/auth/login?upstream=work', text: 'Nobody is signed in', signedIn: false }, lastAnswer: null, lastError: null },
      { name: 'claude-code', kind: 'claude_code', origin: 'your own program, on this machine', state: 'untried', credential: "the program's own sign-in, which Tuppence does not see", signIn: { url: '/auth/login', text: "the program's own affair", signedIn: true }, remark: 'ready', limits: [{ name: 'five_hour', status: 'allowed', used: 0.43, resets: new Date(Date.now() + 2 * 3600e3).toISOString(), at: new Date().toISOString() }], lastAnswer: null, lastError: null },
      { name: 'bedrock', kind: 'bedrock', origin: 'https://bedrock-runtime.eu-central-1.amazonaws.com', state: empty ? 'untried' : 'open', credential: 'AWS profile default', signIn: null, lastAnswer: empty ? null : ago(130), lastError: empty ? null : 'connection refused' },
    ],
    budgets, connect: { url: 'http://127.0.0.1:42069/v1', sdkUrl: 'http://127.0.0.1:42069', password: 'anything', presets: PRESETS }, notice: null,
  };
};
const detail = (one) => {
  const turns = rows.filter((r) => r.conversation === one.id).reverse();
  const causes = [...new Set(turns.map((t) => t.turn.cause))].map((cause) => { const mine = turns.filter((t) => t.turn.cause === cause); return { cause, text: TEXTS[cause], turns: mine.length, tokens: mine.reduce((n, t) => n + t.turn.brokenTokens, 0), cost: mine.reduce((n, t) => n + t.turn.brokenCost, 0) }; }).sort((a, b) => b.cost - a.cost);
  const level = levels.get(one.id) ?? null;
  return {
    conversation: one, turns, causes, level,
    advice: turns.length > 20 ? [{ text: 'Lore that comes and goes before the history costs you $0.12 per 100 messages; relocate would save $0.096.', level: 'relocate', costPer100: 120e6, savingPer100: 96e6 }] : [],
    levels: [['respect', 'The client\'s own breakpoints stand.', null], ['markers', 'only cache_control is added, moved and removed', 0], ['split', 'and blocks are cut where their beginning is stable', 0], ['relocate', 'and text that keeps changing is carried behind the history', 96e6], ['window', 'what the front end dropped stays for a while', 31e6], ['relocate+window', 'both', null]].map(([name, text, savingPer100]) => ({ name, text, savingPer100 })),
  };
};
const levels = new Map();
const models = { models: [['claude-haiku-5-5', 100, 500], ['claude-sonnet-5', 3000, 15000], ['claude-opus-5-5', 5000, 25000]].map(([name, input, output]) => ({ id: name, input, output, maxOutput: 64000 })) };

let changes = [{ at: ago(400), text: 'cache.level: markers → relocate' }];
const settings = [
  ['cache.level', 'cache', 'What may be done to requests so that more of them is read from the prompt cache. auto: markers, and respect where the client set breakpoints of its own.', 'relocate', 'auto', null, ['auto', 'off', 'respect', 'markers', 'split', 'relocate', 'window', 'relocate+window'], 'file'],
  ['cache.client_breakpoints', 'cache', 'What becomes of breakpoints that a client set itself.', null, 'auto', null, ['auto', 'respect', 'replace'], 'default'],
  ['cache.keep_alive_dollars_per_day', 'cache', 'Most that may be spent in a day (UTC) on pings that keep long conversations in the cache while that probably pays; 0: none are sent.', null, '0', '0 to 1000 dollars', null, 'default'],
  ['cache.single_flight', 'cache', 'Whether a request waits while another of the same beginning is being answered for the first time.', null, 'false', null, null, 'default'],
  ['host', '', 'Address to listen on. Anything but a loopback address needs gateway_keys.', '127.0.0.1', '127.0.0.1', null, null, 'flag', false],
  ['port', '', 'TCP port to listen on.', 42069, '42069', '0 to 65535', null, 'file', false],
  ['gateway_keys', '', 'Keys of which a request must carry one, as x-api-key or bearer.', 'set', '[]', null, null, 'file', true, true],
  ['retry.max_retries', 'retry', 'Attempts beyond the first where the upstream did not serve the request.', null, '2', '0 to 10', null, 'default'],
  ['budgets.total.month.hard', 'budgets', 'Dollars in a month beyond which requests get 429.', 10, '', '0 to 1000000 dollars', null, 'file'],
  ['budgets.total.month.soft', 'budgets', 'Dollars in a month beyond which a warning is given.', 8, '', '0 to 1000000 dollars', null, 'file'],
  ['model_aliases', 'routing', 'Names of models and what they mean.', { 'claude-opus-4-0': 'claude-opus-5-5' }, '{}', null, null, 'file'],
].map(([p, group, text, v, def, range, choices, origin, editable = true, secret = false]) => ({ path: p, group, text, value: v, default: def, range, choices, origin, editable, secret }));
const presetText = { assistant: '{\n  "description": "A plain, helpful assistant.",\n  "system": "Answer plainly."\n}\n', storyteller: '{\n  "description": "Roleplay and fiction in turns.",\n  "system": "You narrate.",\n  "suffix": "(Stay in character.)"\n}\n' };

const json = (res, body, status = 200) => { const text = JSON.stringify(body); res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(text); };
const fail = (res, status, type, message) => json(res, { type: 'error', error: { type, message } }, status);
const apply = (list) => {
  const errors = list.flatMap(({ path: p, value: v }) => (p === 'retry.max_retries' && v !== null && !(Number.isInteger(v) && v >= 0 && v <= 10) ? [{ path: p, text: 'retry.max_retries must be a whole number from 0 to 10.' }] : []));
  return { ok: errors.length === 0, version: 'v2', errors };
};

/** @type {Set<http.ServerResponse>} */
const feeds = new Set();
const tell = (event, data) => { for (const feed of feeds) feed.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`); };

async function api(req, res, route, query, body) {
  const [what, one, more, last] = route;
  const method = req.method;
  if (what === 'session') {
    if (method === 'POST') { if (body.key !== 'demo') return fail(res, 401, 'authentication_error', 'The gateway key is not one of this gateway\'s.'); signedIn = true; }
    if (method === 'DELETE') signedIn = !needsKey;
    return json(res, { needsKey, signedIn, version: '0.4.0-dev', content: true, ledger: true });
  }
  if (!signedIn) return fail(res, 401, 'authentication_error', 'Sign in first.');
  if (what === 'overview') return json(res, overview(query.get('range') ?? 'day'));
  if (what === 'live') {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    feeds.add(res);
    res.on('close', () => feeds.delete(res));
    res.write(`event: hello\ndata: ${JSON.stringify(under)}\n\nevent: budgets\ndata: ${JSON.stringify(budgets)}\n\n`);
    return undefined;
  }
  if (what === 'requests' && one) {
    const found = rows.find((r) => r.id === one);
    if (!found) return fail(res, 404, 'not_found_error', 'There is no such request in the ledger.');
    return json(res, {
      row: found,
      request: { line: 'POST /v1/messages HTTP/1.1', headers: [['host', '127.0.0.1:42069'], ['content-type', 'application/json'], ['x-api-key', '••••'], ['anthropic-version', '2023-06-01'], ['anthropic-beta', 'output-128k-2025-02-19,context-1m-2025-08-07'], ['user-agent', 'node-fetch']] },
      response: { line: 'HTTP/1.1 200 OK', headers: [['content-type', 'text/event-stream'], ['request-id', found.providerId], ['x-tuppence-edits', found.edits]] },
      edits: found.edits ? [{ name: 'cache-markers', diff: [{ kind: 'same', text: '  {"role":"user","content":[{"type":"text",' }, { kind: 'removed', text: '    "text":"I follow the path …"}]}' }, { kind: 'added', text: '    "text":"I follow the path …","cache_control":{"type":"ephemeral"}}]}' }] }] : [],
      bodies: null,
    });
  }
  if (what === 'requests') {
    const q = (query.get('q') ?? '').toLowerCase();
    const all = rows.filter((r) => JSON.stringify([r.id, r.model, r.client, r.preset, r.title, r.errorType]).toLowerCase().includes(q) && (query.get('failed') !== 'true' || r.status >= 400) && (!query.get('model') || r.model === query.get('model')) && (!query.get('conversation') || r.conversation === query.get('conversation')));
    const from = query.get('before') ? all.findIndex((r) => r.id === query.get('before')) + 1 : 0;
    const page = all.slice(from, from + 50);
    return json(res, { rows: page, next: all.length > from + 50 ? page.at(-1).id : null });
  }
  if (what === 'conversations' && !one) return json(res, { conversations: conversations.filter((c) => (c.title ?? '').toLowerCase().includes((query.get('q') ?? '').toLowerCase())) });
  if (what === 'conversations') {
    const found = conversations.find((c) => c.id === one);
    if (!found) return fail(res, 404, 'not_found_error', 'There is no such conversation in the ledger.');
    if (more === 'level') levels.set(one, body.level);
    return json(res, detail(found));
  }
  if (what === 'upstreams') {
    if (method === 'GET') return json(res, { upstream: one, model: query.get('model'), most: 26_000, text: 'One short question, at most 16 tokens of answer. It costs $0.000026 at most, at list prices.' });
    return json(res, one === 'anthropic' ? { ok: true, text: 'It answered in 0.8 s.', row: rows[0] } : { ok: false, text: 'Connection refused.', row: null });
  }
  if (what === 'settings') {
    if (method === 'GET') return json(res, { version: 'v1', file: '~/tuppence/tuppence.json', settings, changes });
    if (one === 'undo') { changes = changes.slice(1); return json(res, { ok: true, version: 'v3', errors: [] }); }
    const result = apply(body.changes);
    if (one !== 'check' && result.ok) for (const c of body.changes) { const s = settings.find((x) => x.path === c.path); changes = [{ at: new Date().toISOString(), text: `${c.path}: ${JSON.stringify(s.value)} → ${JSON.stringify(c.value)}` }, ...changes]; s.value = c.value; s.origin = c.value === null ? 'default' : 'file'; }
    return json(res, result);
  }
  if (what === 'presets') {
    if (!one) return json(res, { presets: PRESETS });
    if (more === 'history') return json(res, { versions: [{ version: 'a1b2c3d4e5f6', at: ago(2000), text: '{\n  "description": "before"\n}\n' }] });
    if (more === 'try') return json(res, { before: '', after: '', diff: [{ kind: 'same', text: '{"model":"claude-sonnet-5","max_tokens":1024,' }, { kind: 'removed', text: '"system":[{"type":"text","text":"You are the narrator."}],' }, { kind: 'added', text: '"system":[{"type":"text","text":"You are the narrator."},{"type":"text","text":"You narrate."}],' }], errors: [] });
    if (method === 'PUT') { presetText[one] = body.text; return json(res, { ok: true }); }
    if (!presetText[one]) return fail(res, 404, 'not_found_error', 'There is no preset of this name.');
    return json(res, { ...(PRESETS.find((p) => p.name === one) ?? { name: one, description: null, url: `http://127.0.0.1:42069/v1/${one}`, shipped: false, cost: null }), text: presetText[one], version: 'p1', last });
  }
  if (what === 'models') return json(res, models);
  return fail(res, 404, 'not_found_error', 'There is no such call.');
}

// A request that is always under way, and ends now and then.
let under = empty ? [] : [{ id: 'live1', at: new Date().toISOString(), kind: 'message', preset: 'storyteller', key: null, client: 'SillyTavern', model: 'claude-sonnet-5', upstream: 'anthropic', conversation: null, answering: false, output: 0, responseBytes: 0 }];
setInterval(() => {
  under = under.map((one) => ({ ...one, answering: true, output: one.output + 14, responseBytes: one.responseBytes + 220 }));
  for (const one of under) tell('advanced', one);
}, 400).unref();

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const server = http.createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  const parts = [];
  for await (const part of req) parts.push(part);
  const body = parts.length ? JSON.parse(Buffer.concat(parts).toString()) : {};
  if (url.pathname.startsWith('/tuppence/api/')) return api(req, res, url.pathname.slice(14).split('/').map(decodeURIComponent), url.searchParams, body);
  if (/^\/v1(\/[^/]+)?\/messages$/.test(url.pathname)) {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'x-tuppence-request-id': rows[0]?.id ?? 'none' });
    const send = (type, data) => res.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    send('message_start', { message: { usage: { input_tokens: 120, cache_read_input_tokens: 900, output_tokens: 1 } } });
    for (const word of 'This answer is made up by the development server, word by word, so that the page can be seen at work.'.split(' ')) {
      send('content_block_delta', { delta: { type: 'text_delta', text: `${word} ` } });
      await new Promise((r) => setTimeout(r, 20));
    }
    send('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 24 } });
    send('message_stop', {});
    return res.end();
  }
  const file = url.pathname === '/favicon.svg' ? icon : path.join(app, url.pathname === '/' ? 'index.html' : path.basename(url.pathname));
  if (!fs.existsSync(file)) return res.writeHead(404).end();
  return res.writeHead(200, { 'content-type': TYPES[path.extname(file)], 'content-security-policy': CSP }).end(fs.readFileSync(file));
});
server.listen(Number(value('port', 5199)), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
