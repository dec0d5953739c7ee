// s8. What the official provider SDKs put on the wire, recorded at a local fake, and what Tuppence puts there for the same request of the
// plain SDK: path, body as JSON, kind of credential, workspace, version and beta headers must be equal, and the answer must be decoded.
//   node s8-providers.mjs                          the SDKs alone; records their requests
//   node s8-providers.mjs --gateway PATH [--dir D] starts Tuppence once a provider and compares
// ONLY, VERBOSE, OUT: see ../lib/book.mjs
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { chunk, events, message } from './lib/fake-claude.mjs';
import { bedrockChunk, bedrockException } from './lib/eventstream.mjs';
import { AWS_ENV, SECRET, providers } from './lib/providers.mjs';
import { startServer } from './lib/upstream.mjs';
import { get } from './lib/wire.mjs';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { onInterrupt, startGateway } from '../lib/gateway.mjs';

allow('gateway', 'dir');
const binary = option('gateway', null);
const dir = path.resolve(option('dir', path.join(os.tmpdir(), 'tuppence-s8')));
const book = new Book('s8-providers');

// ---- the fake of all providers, and of the endpoints that give credentials

const scenarioOf = (request) => /\[scn:([a-z0-9]+)\]/.exec(request.body.toString())?.[1] || 'text';
const json = (value, status = '200 OK', extra = '') => {
  const body = Buffer.from(JSON.stringify(value));
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nx-amzn-requestid: amzn-1\r\n${extra}\r\n`;
  return [Buffer.concat([Buffer.from(head), body]), { keep: true }];
};
const FRAMES = 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\nx-amzn-requestid: amzn-1\r\n\r\n';
const EVENTS = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const END = ['0\r\n\r\n', { keep: true }];

const framesOf = (scenario) => events(scenario, 'm').map((e) => JSON.parse(e.split('\n')[1].slice(6))).filter((e) => e.type !== 'ping').map(bedrockChunk);
const inPieces = (bytes, size = 333) => {
  const out = [];
  for (let i = 0; i < bytes.length; i += size) out.push(chunk(bytes.subarray(i, i + size)));
  return out;
};

function frameAnswer(scenario) {
  const frames = framesOf('tool');
  switch (scenario) {
    case 'throttledfirst': return [FRAMES, chunk(bedrockException('throttlingException', 'Too many requests é')), ...END];
    case 'throttledlater': return [FRAMES, ...inPieces(Buffer.concat([...frames.slice(0, 3), bedrockException('throttlingException', 'Too many requests é')])), ...END];
    case 'badcrc': {
      const bad = Buffer.from(frames[3]);
      bad[bad.length - 1] ^= 1;
      return [FRAMES, ...inPieces(Buffer.concat([...frames.slice(0, 3), bad, ...frames.slice(4)])), ...END];
    }
    case 'badprelude': {
      const bad = Buffer.from(frames[0]);
      bad[9] ^= 1;
      return [FRAMES, chunk(bad), ...END];
    }
    case 'cutframe': return [FRAMES, ...inPieces(Buffer.concat(frames).subarray(0, 700)), ...END];
    case 'reset': return [FRAMES, ...inPieces(Buffer.concat(frames).subarray(0, 700)), { delay: 20 }, { reset: true }];
    default: return [FRAMES, ...inPieces(Buffer.concat(framesOf(scenario))), ...END];
  }
}

const metadataSeen = [];
const up = await startServer(0, (request) => {
  if (request.target === '/aws/container') {
    metadataSeen.push(get(request.headers, 'authorization'));
    return json({ AccessKeyId: AWS_ENV.AWS_ACCESS_KEY_ID, SecretAccessKey: SECRET, Token: AWS_ENV.AWS_SESSION_TOKEN, Expiration: new Date(Date.now() + 3600_000).toISOString() });
  }
  if (request.target.startsWith('/computeMetadata/')) return json({ access_token: 'ya29.test', expires_in: 3599, token_type: 'Bearer' });
  if (request.target.startsWith('/azure/token')) return json({ access_token: 'eyJ.entra', expires_on: String(Math.floor(Date.now() / 1000) + 3600) });
  const scenario = scenarioOf(request);
  if (scenario === 'denied') return json({ message: 'You are not authorized é' }, '403 Forbidden', 'x-amzn-errortype: AccessDeniedException\r\n');
  if (scenario === 'quota') return json({ error: { code: 429, message: 'Quota exceeded é', status: 'RESOURCE_EXHAUSTED' } }, '429 Too Many Requests', 'retry-after: 7\r\n');
  if (/invoke-with-response-stream$/.test(request.target)) return frameAnswer(scenario);
  if (/count/.test(request.target)) return json({ input_tokens: 42 });
  if (/streamRawPredict|"stream":true/.test(request.target + request.body)) return [EVENTS, ...events(scenario, 'm').map(chunk), ...END];
  return json(message(scenario, 'm'));
});
const base = `http://127.0.0.1:${up.port}`;
const isMetadata = (r) => /^\/(aws\/|azure\/|computeMetadata)/.test(r.target);

// ---- what is asked

const body = (model, scenario) => ({
  model,
  max_tokens: 64,
  system: [{ type: 'text', text: 'é', cache_control: { type: 'ephemeral' } }],
  messages: [{ role: 'user', content: `x [scn:${scenario}]` }],
  tools: [{ name: 't', input_schema: { type: 'object' } }],
});
const KINDS = {
  create: (client, model) => client.messages.create(body(model, 'tool')),
  stream: async (client, model) => (await client.messages.stream(body(model, 'tool')).finalMessage()),
  'beta-stream': async (client, model) => {
    const out = [];
    for await (const e of await client.beta.messages.create({ ...body(model, 'thinking'), stream: true, betas: ['a-2026-01-01', 'b-2026-02-02'] })) out.push(e);
    return out;
  },
  count: (client, model) => client.messages.countTokens({ model, messages: [{ role: 'user', content: 'x' }] }),
};

// ---- how it is judged

function shape(request) {
  let parsed;
  try { parsed = JSON.parse(request.body); } catch { parsed = request.body.toString(); }
  const header = (name) => get(request.headers, name);
  const auth = header('authorization') ?? '';
  return {
    line: `${request.method} ${request.target}`,
    body: parsed,
    auth: auth.startsWith('AWS4-HMAC-SHA256') ? `SigV4 ${/Credential=([^/]+)\/[^/]+\/([^,]+)/.exec(auth)?.slice(1).join(' ')}`
      : auth || (header('x-api-key') && `x-api-key ${header('x-api-key')}`) || (header('api-key') && `api-key ${header('api-key')}`) || 'none',
    token: header('x-amz-security-token'),
    version: header('anthropic-version'),
    beta: header('anthropic-beta'),
    workspace: header('anthropic-workspace-id'),
    type: header('content-type'),
  };
}

const sorted = (x) => (Array.isArray(x) ? x.map(sorted)
  : x && typeof x === 'object' ? Object.fromEntries(Object.keys(x).sort().map((k) => [k, sorted(x[k])])) : x);

function differences(actual, expected) {
  return Object.keys(expected)
    .map((key) => [key, JSON.stringify(sorted(actual[key])), JSON.stringify(sorted(expected[key]))])
    .filter(([, a, b]) => a !== b)
    .map(([key, a, b]) => `${key}: ${a?.slice(0, 300)} instead of ${b?.slice(0, 300)}`)
    .join('; ');
}

/** The signature as the SDKs' own signer makes it for the request that came, its time and its choice of headers. */
async function checkSignature(request) {
  const auth = get(request.headers, 'authorization') ?? '';
  const [, scope, signed, signature] = /Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\S+)/.exec(auth) ?? [];
  if (!scope) return auth.startsWith('AWS4') ? `unreadable: ${auth}` : '';
  const [, region, service] = scope.split('/');
  const t = get(request.headers, 'x-amz-date');
  const url = new URL(request.target, base);
  const names = signed.split(';');
  const signer = new SignatureV4({
    service, region, sha256: Sha256,
    credentials: { accessKeyId: AWS_ENV.AWS_ACCESS_KEY_ID, secretAccessKey: SECRET, sessionToken: AWS_ENV.AWS_SESSION_TOKEN },
  });
  const again = await signer.sign(new HttpRequest({
    method: request.method, protocol: 'http:', hostname: '127.0.0.1', path: url.pathname, body: request.body,
    query: Object.fromEntries([...new Set(url.searchParams.keys())].map((k) => [k, url.searchParams.getAll(k)])),
    headers: Object.fromEntries(names.filter((n) => !/^x-amz-/.test(n)).map((n) => [n, get(request.headers, n)])),
  }), { signingDate: new Date(t.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) });
  return again.headers.authorization === auth ? '' : `signature ${signature} instead of ${again.headers.authorization}`;
}

const contentOf = (m) => JSON.stringify(m.content.map((b) => b.input ?? b.text));
function checkResult(kind, result) {
  if (kind === 'count') return result.input_tokens === 42 ? '' : `counted ${JSON.stringify(result)}`;
  if (kind === 'beta-stream') return result.some((e) => e.delta?.type === 'signature_delta') ? '' : 'no signature_delta was decoded';
  return contentOf(result) === contentOf(message('tool', 'm')) ? '' : `content ${JSON.stringify(result.content).slice(0, 200)}`;
}

/** Runs one call and gives what came to the fake, the result and the error. */
async function call(run, client, model) {
  const from = up.requests.length;
  try {
    const result = await run(client, model);
    return { requests: up.requests.slice(from).filter((r) => !isMetadata(r)), result };
  } catch (error) {
    return { requests: up.requests.slice(from).filter((r) => !isMetadata(r)), error };
  }
}

// ---- the cases

const recorded = {};
let gateway = null;
onInterrupt(async () => { await gateway?.stop(); });

const plain = () => new Anthropic({ baseURL: gateway.url, apiKey: 'sk-client-key', maxRetries: 0, logLevel: 'off' });
const ask = (scenario, streams = true) => async (client, model) => {
  if (!streams) return client.messages.create(body(model, scenario));
  const out = [];
  for await (const e of await client.messages.create({ ...body(model, scenario), stream: true })) out.push(e);
  return out;
};

async function compare(name, provider) {
  for (const [kind, run] of Object.entries(KINDS)) {
    await book.case(`${name}/${kind} via gateway`, async () => {
      const { requests, result, error } = await call(run, plain(), provider.name);
      if (kind === 'count' && !provider.counts) {
        return requests.length ? 'something reached the provider' : error?.status !== 501 ? `status ${error?.status} instead of 501` : '';
      }
      if (!requests.length) return `nothing reached the fake: ${error?.message}`;
      if (error) return `the client saw ${error.message}`;
      return [differences(shape(requests[0]), shape(recorded[`${name}/${kind}`])), await checkSignature(requests[0]), checkResult(kind, result)].filter(Boolean).join('; ');
    });
  }
}

/** What a client of the gateway makes of a provider's faults: [scenario, status or null for an error in the stream, type, words]. */
const FRAME_FAULTS = [
  ['throttledfirst', 429, 'rate_limit_error', 'Too many requests é'],
  ['throttledlater', null, 'rate_limit_error', 'Too many requests é'],
  ['badcrc', null, 'api_error', 'checksum'],
  ['badprelude', 502, 'api_error', 'checksum'],
  ['cutframe', null, 'api_error', 'inside a frame'],
  ['reset', null, 'api_error', 'broke off'],
  ['denied', 403, 'permission_error', 'You are not authorized é'],
  ['quota', 429, 'rate_limit_error', 'Quota exceeded é'],
];

async function faults(name, provider) {
  for (const [scenario, status, type, words] of FRAME_FAULTS.filter(([s]) => name === 'bedrock' || s === 'quota')) {
    await book.case(`${name}/fault ${scenario}`, async () => {
      const { error } = await call(ask(scenario), plain(), provider.name);
      const told = error?.error?.error ?? {};
      return [
        !error && 'the client saw no error',
        (error?.status ?? null) !== status && `status ${error?.status} instead of ${status}`,
        told.type !== type && `type ${told.type} instead of ${type}`,
        !told.message?.includes(words) && `message ${told.message}`,
        scenario === 'quota' && error?.headers?.get('retry-after') !== '7' && 'retry-after is lost',
      ].filter(Boolean).join('; ');
    });
  }
}

for (const [name, provider] of Object.entries(providers)) {
  for (const [kind, run] of Object.entries(KINDS)) {
    // Recorded whatever ONLY says: the cases through the gateway are compared with it.
    const { requests, result, error } = await call(run, provider.client(base), provider.model);
    if (requests.length) recorded[`${name}/${kind}`] = requests[0];
    await book.case(`${name}/${kind}`, () => {
      if (!requests.length) return kind === 'count' && !provider.counts ? '' : `the SDK sent nothing: ${error?.message}`;
      return error ? `the SDK could not read the answer: ${error.name} ${error.message.slice(0, 150)}` : checkResult(kind, result);
    });
  }
  if (!binary) continue;
  gateway = await startGateway({
    binary,
    dir: path.join(dir, name),
    config: { upstream: name, upstreams: { [name]: provider.upstream(base) }, retry: { max_retries: 0 } },
    env: provider.env?.(base) ?? {},
  });
  await compare(name, provider);
  await faults(name, provider);
  if (gateway.ended) book.add(`${name}/gateway`, `it ended: ${gateway.ended}`);
  await gateway.stop();
  gateway = null;
}
if (binary && !book.filtered) {
  await book.case('the container endpoint saw the proof', () => (metadataSeen.every((proof) => proof === 'proof') && metadataSeen.length === 1 ? '' : `saw ${metadataSeen}`));
}
if (process.env.OUT) {
  const requests = Object.fromEntries(Object.entries(recorded).map(([id, r]) => [id, shape(r)]));
  fs.writeFileSync(process.env.OUT.replace(/\.json$/, '-requests.json'), JSON.stringify(requests, null, 1));
}
await up.stop();
book.done();
process.exit();
