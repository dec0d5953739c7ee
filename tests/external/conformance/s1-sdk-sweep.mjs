// s1. Every method of the official SDK that makes an HTTP call is called twice with the same made-up arguments: straight at a
// recording upstream and through TARGET. What the upstream received (method, target, every header, body bytes) and what the
// SDK returned must be the same both times.
//   RULES=rules.json    the deliberate differences
//   TARGET=http://127.0.0.1:PORT UPSTREAM_PORT=4111 node s1-sdk-sweep.mjs        (no TARGET: self-check)
import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { startServer } from './lib/upstream.mjs';
import { get, sha, HOP } from './lib/wire.mjs';
import { Book } from '../lib/book.mjs';
import { Rules } from './lib/rules.mjs';

const KEY = 'sk-client-key';
const book = new Book('s1-sdk-sweep');

// ---- the upstream: an answer of the kind that the path suggests

const sse = (events) => events.map(([type, members]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`).join('');
const STREAM = sse([
  ['message_start', {
    message: {
      id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  }],
  ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
  ['ping', {}],
  ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Grüße 🧪' } }],
  ['content_block_stop', { index: 0 }],
  ['message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } }],
  ['message_stop', {}],
]);
const JSONL = '{"custom_id":"a","result":{"type":"canceled"}}\n{"custom_id":"b","result":{"type":"expired"}}\n';
const OCTETS = Buffer.from(Array.from({ length: 512 }, (_, i) => i & 255));

const answer = (contentType, body) => {
  const bytes = Buffer.from(body);
  const head = [
    'HTTP/1.1 200 OK',
    `Content-Type: ${contentType}`,
    `Content-Length: ${bytes.length}`,
    `request-id: req_${sha(bytes).slice(0, 10)}`,
    'anthropic-organization-id: 00000000-0000-4000-8000-000000000001',
    'anthropic-workspace-id: wrkspc_01TEST',
    'anthropic-ratelimit-requests-remaining: 49',
    '', '',
  ].join('\r\n');
  return [Buffer.concat([Buffer.from(head), bytes]), { keep: true }];
};

const upstream = await startServer(Number(process.env.UPSTREAM_PORT || 4111), (req) => {
  const path = req.target.split('?')[0];
  const streaming = /text\/event-stream/.test(get(req.headers, 'accept') || '')
    || /"stream":true/.test(req.body.toString('latin1', 0, 4e6)) || /\/stream$/.test(path);
  if (streaming) return answer('text/event-stream; charset=utf-8', STREAM);
  if (/\/results$/.test(path)) return answer('application/x-jsonl', JSONL);
  if (/\/content$/.test(path)) return answer('application/octet-stream', OCTETS);
  const id = path.split('/').filter(Boolean).pop();
  return answer('application/json', JSON.stringify({
    id, type: 'thing', data: [{ id: 'item_1', n: 1 }], has_more: false, first_id: null, last_id: null, next_page: null,
    results_url: `http://127.0.0.1:${upstream.port}/v1/messages/batches/${id}/results`,
    processing_status: 'ended', note: 'é\u2028', big: 12345678901234567890,
  }));
});

// ---- the SDK's methods, found by their own source

/** Methods that make an HTTP call, with their path from the client, such as beta.files.upload. */
function* methods(resource, path, seen = new Set()) {
  if (!resource || typeof resource !== 'object' || seen.has(resource)) return;
  seen.add(resource);
  for (let proto = Object.getPrototypeOf(resource); proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    for (const name of Object.getOwnPropertyNames(proto)) {
      const fn = Object.getOwnPropertyDescriptor(proto, name).value;
      if (name === 'constructor' || name.startsWith('_') || typeof fn !== 'function') continue;
      const source = fn.toString();
      if (/this\._client\s*\.\s*(get|post|put|patch|delete|getAPIList)\b/.test(source)) yield { path: [...path, name], resource, fn, source };
    }
  }
  for (const key of Object.keys(resource)) {
    if (key !== '_client' && resource[key]?._client) yield* methods(resource[key], [...path, key], seen);
  }
}

const FILE = await toFile(Buffer.from([0, 255, 13, 10, 45, 45, 0x80]), 'a b".bin', { type: 'application/octet-stream' });
const FILES = [await toFile(Buffer.from('x'), 'skill/SKILL.md'), await toFile(Buffer.from('y'), 'skill/ü.txt')];

/** Arguments by the parameter names in the method's source. */
function argumentsFor(source) {
  const names = source.slice(source.indexOf('(') + 1, source.indexOf(') {')).split(',').map((s) => s.trim().replace(/\s*=.*$/, '')).filter(Boolean);
  return names.map((name) => {
    if (name === 'options') return {};
    if (/^(params|body|query|_params|\{.*)$/.test(name)) return params(source);
    return `${name.toLowerCase()}_01 é/;?#`;   // an awkward path segment: it must stay encoded as it is
  });
}

function params(source) {
  const out = { probe: 'Ω≈ç√ "q" \\ / \u2028 \u{1F9EA}', n: 1.5, nested: { a: [1, 2, { b: null }], t: true } };
  const taken = source.match(/const \{([^}]*)\} = (?:params|body|query)/)?.[1].split(',') ?? [];
  for (const raw of taken) {
    const name = raw.trim().split(/[:=]/)[0].trim();
    if (name && !name.startsWith('...') && name !== 'betas') out[name] = `${name}_x`;
  }
  if (/betas/.test(source)) out.betas = ['probe-2026-01-01', 'other-2026-02-02'];
  if (/multipart/i.test(source)) Object.assign(out, { file: FILE, files: FILES });
  if (/limit|getAPIList/.test(source)) {
    delete out.nested;
    Object.assign(out, { limit: 7, order: 'desc', 'created_at[gte]': '2026-01-01T00:00:00Z' });
  }
  return out;
}

// ---- one pass over the SDK

async function consume(value) {
  if (value instanceof Response) return { bytes: sha(Buffer.from(await value.arrayBuffer())) };
  if (typeof value?.[Symbol.asyncIterator] === 'function' && !Array.isArray(value) && !value.data) {
    const all = [];
    for await (const item of value) all.push(item);
    return all;
  }
  if (value?.data && value.getPaginatedItems) return { page: value.data, next: value.hasNextPage?.() };
  return value;
}

/** A request as it is compared: multipart boundaries are random and leave. */
function seen(req) {
  const boundary = /boundary=([^;]+)/.exec(get(req.headers, 'content-type') || '')?.[1];
  const body = boundary ? Buffer.from(req.body.toString('latin1').split(boundary).join('BOUNDARY'), 'latin1') : req.body;
  const headers = req.headers
    .filter(([name]) => !HOP.has(name.toLowerCase()) && name.toLowerCase() !== 'host')
    .map(([name, value]) => `${name.toLowerCase()}: ${boundary ? value.split(boundary).join('BOUNDARY') : value}`);
  return { line: `${req.method} ${req.target}`, headers: headers.sort(), body: sha(body) };
}

async function sweep(baseURL, variant) {
  const client = new Anthropic({ baseURL, apiKey: KEY, maxRetries: 0, timeout: 20_000, logLevel: 'off', openTelemetry: false, ...variant.options });
  const results = new Map();
  for (const top of Object.keys(client).filter((key) => client[key]?._client)) {
    for (const method of methods(client[top], [top])) {
      const name = method.path.join('.');
      if (variant.only && !variant.only.test(name)) continue;
      const from = upstream.requests.length;
      const result = {};
      try {
        const promise = method.fn.apply(method.resource, variant.args(method));
        if (promise?.withResponse && !/getAPIList/.test(method.source)) {
          const { response, data } = await promise.withResponse();
          result.headers = JSON.stringify([...response.headers].filter(([k]) => !HOP.has(k)).sort());
          result.value = JSON.stringify(await consume(data));
        } else {
          result.value = JSON.stringify(await consume(await promise));
        }
      } catch (e) {
        result.value = `${e.name}: ${e.message}`.slice(0, 200);
      }
      result.requests = upstream.requests.slice(from).map(seen);
      results.set(name, result);
    }
  }
  return results;
}

function difference(direct, via) {
  if (direct.requests.length !== via.requests.length) {
    return `${via.requests.length} upstream requests instead of ${direct.requests.length} (${String(via.value).slice(0, 120)})`;
  }
  const why = [];
  direct.requests.forEach((x, i) => {
    const y = via.requests[i];
    if (x.line !== y.line) why.push(`request line ${y.line} instead of ${x.line}`);
    if (x.body !== y.body) why.push('body bytes differ');
    if (x.headers.join('\n') !== y.headers.join('\n')) {
      const missing = x.headers.filter((h) => !y.headers.includes(h));
      const added = y.headers.filter((h) => !x.headers.includes(h));
      why.push(`headers missing [${missing}] added [${added}]`);
    }
  });
  if (direct.value !== via.value) why.push(`SDK result ${String(via.value).slice(0, 80)} instead of ${String(direct.value).slice(0, 80)}`);
  if (direct.headers !== via.headers) why.push(`response headers ${via.headers} instead of ${direct.headers}`);
  return why.join('; ');
}

/** What the SDK must see through TARGET where results_url leads to it: the same with the other origin, asked for without the dropped headers. */
function withResultsUrl({ dropped }, result, target) {
  const headers = JSON.parse(result.headers ?? '[]').filter(([name]) => name !== 'content-length');
  return {
    value: result.value.replaceAll(`"results_url":"${direct}/v1/messages/batches/`, `"results_url":"${target}/v1/messages/batches/`),
    headers: result.headers && JSON.stringify(headers),
    requests: result.requests.map((r) => (/\/results$/.test(r.line.split('?')[0]) ? r : { ...r, headers: r.headers.filter((h) => !dropped.includes(h.split(':')[0])) })),
  };
}

const withoutLength = (result) => ({ ...result, headers: result.headers && JSON.stringify(JSON.parse(result.headers).filter(([name]) => name !== 'content-length')) });

// ---- variants

const asStream = (method) => argumentsFor(method.source).map((a) => (a?.probe ? { ...a, stream: true, max_tokens: 5 } : a));
const variants = [
  { name: 'plain', args: (m) => argumentsFor(m.source) },
  { name: 'stream', options: { defaultHeaders: { 'anthropic-beta': 'default-2026-03-03' } }, args: asStream, only: /messages\.create$/ },
  { name: 'authToken', options: { apiKey: null, authToken: 'oat-client' }, args: (m) => argumentsFor(m.source), only: /^(messages|models|beta\.messages)\./ },
];

const direct = `http://127.0.0.1:${upstream.port}`;
const endpoints = new Set();
const rules = new Rules('s1');
for (const variant of variants) {
  const expected = await sweep(direct, variant);
  const actual = await sweep(process.env.TARGET || direct, variant);
  for (const [name, result] of expected) {
    for (const r of result.requests) endpoints.add(r.line.split('?')[0]);
    // A method that refuses the made-up arguments before it sends anything shows nothing about the wire.
    if (!result.requests.length) continue;
    const id = `${variant.name}:${name}`;
    const rule = process.env.TARGET ? rules.of(id)?.results_url : null;
    await book.case(id, () => (rule
      ? difference(withResultsUrl(rule, result, new URL(process.env.TARGET).origin), withoutLength(actual.get(name)))
      : difference(result, actual.get(name))));
  }
}
if (process.env.TARGET && !book.filtered) rules.assertAllUsed();
console.log(`${endpoints.size} distinct method and path seen upstream`);
await upstream.stop();
book.done();
