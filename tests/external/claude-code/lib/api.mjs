// The API behind the program: records what reaches it and when each connection closed, and answers by scenario at a set pace.
// The scenario is the last "[scn:NAME]" in the request's body: one of ../../conformance/lib/fake-claude.mjs, or one of OWN below.
import { chunk, events, message } from '../../conformance/lib/fake-claude.mjs';
import { startServer } from '../../conformance/lib/upstream.mjs';
import { until } from '../../lib/until.mjs';

/** Milliseconds before the first event and between two events. At `instant` all of an answer is written at once. */
export const PACES = { lifelike: { first: 40, between: 8 }, instant: { first: 0, between: 0 } };

const head = (status, type, more = '') => `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nrequest-id: req_fake\r\n${more}`;

const failure = (status, type, text, more = '', members = {}) => {
  const body = JSON.stringify({ type: 'error', error: { type, message: text, ...members }, request_id: 'req_fake' });
  return [`${head(status, 'application/json', more)}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, { keep: true }];
};

const event = (type, members = {}) => chunk(`event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`);
const STREAM = head('200 OK', 'text/event-stream; charset=utf-8', 'Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n');
const END = '0\r\n\r\n';

const FAILURES = {
  e400: ['400 Bad Request', 'invalid_request_error', 'messages: something is wrong with it'],
  e401: ['401 Unauthorized', 'authentication_error', 'invalid x-api-key'],
  e403: ['403 Forbidden', 'permission_error', 'this workspace may not'],
  e404: ['404 Not Found', 'not_found_error', 'model: no such model'],
  e413: ['413 Payload Too Large', 'request_too_large', 'Request exceeds the maximum size'],
  e429: ['429 Too Many Requests', 'rate_limit_error', 'too many requests', 'retry-after: 7\r\n'],
  e500: ['500 Internal Server Error', 'api_error', 'something broke'],
  e529: ['529 Overloaded', 'overloaded_error', 'Overloaded'],
};

/** Texts of an answer's events. */
const textsOf = (scenario, model) => (scenario === 'window'
  ? events('text', model).map((text) => text.replace('"stop_reason":"end_turn"', '"stop_reason":"model_context_window_exceeded"')) : events(scenario, model));

/** Steps of a streamed answer. The last two events are one write: at the API nothing lies between them. */
function stream(scenario, model, { first, between }) {
  const all = textsOf(scenario, model).map(chunk);
  if (!first && !between) return [Buffer.concat([Buffer.from(STREAM, 'latin1'), ...all, Buffer.from(END)]), { keep: true }];
  const last = Buffer.concat([...all.splice(-2), Buffer.from(END)]);
  return [{ delay: first }, STREAM, ...all.flatMap((bytes) => [bytes, { delay: between }]), last, { keep: true }];
}

const opening = (model, pace, deltas) => [
  { delay: pace.first || 1 }, STREAM, ...events('text', model).slice(0, 3 + deltas).map(chunk),
];

const OWN = {
  /** Says nothing until the peer leaves. */
  silent: () => [{ hold: true }],
  /** Begins its answer and goes on with a word now and then until the peer leaves. */
  endless: (model, pace) => [
    ...opening(model, pace, 1),
    ...Array.from({ length: 2000 }, () => [event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'and on ' } }), { delay: 25 }]).flat(),
    { hold: true },
  ],
  /** Begins its answer and falls silent until the peer leaves. */
  stalls: (model, pace) => [...opening(model, pace, 2), { hold: true }],
  /** The error comes in mid-stream. */
  midstream: (model, pace) => [
    ...opening(model, pace, 3), { delay: 30 }, event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }), END, { keep: true },
  ],
  /** The connection breaks in mid-stream. */
  cut: (model, pace) => [...opening(model, pace, 3), { delay: 300 }, { reset: true }],
};

/** @param {object} o  `pace`: of PACES; `port`: to listen at, 0 for any */
export async function startApi({ port = 0, pace = PACES.lifelike } = {}) {
  const messages = [];
  const api = { pace, messages };
  const server = await startServer(port, (request) => {
    const route = request.target.split('?')[0];
    if (request.method === 'HEAD') return ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { keep: true }];
    if (request.method !== 'POST' || route !== '/v1/messages') return failure('404 Not Found', 'not_found_error', `no ${route}`);
    const text = request.body.toString();
    request.json = JSON.parse(text);
    request.at = performance.now();
    request.scenario = [...text.matchAll(/\[scn:([a-z0-9]+)\]/g)].at(-1)?.[1] ?? 'text';
    messages.push(request);
    // Calls a tool, and ends once it has the result.
    if (request.scenario === 'toolrun') request.scenario = text.includes('"type":"tool_result"') ? 'text' : 'tool';
    if (FAILURES[request.scenario]) return failure(...FAILURES[request.scenario]);
    if (OWN[request.scenario]) return OWN[request.scenario](request.json.model, api.pace);
    if (!request.json.stream) {
      const body = JSON.stringify(message(request.scenario, request.json.model));
      return [`${head('200 OK', 'application/json')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, Buffer.from(body), { keep: true }];
    }
    return stream(request.scenario, request.json.model, api.pace);
  }, { idle: 120_000 });
  return Object.assign(api, {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    /** All that arrived, other paths too. */
    requests: server.requests,
    stop: () => server.stop(),
    /** The requests whose body holds `mark`. */
    of: (mark) => messages.filter((request) => request.body.includes(mark)),
    /** Waits for the request whose body holds `mark`. */
    arrival: (mark, limitMs) => until(`request with ${mark} at the API`, () => messages.find((request) => request.body.includes(mark)), limitMs),
  });
}
