// A small fake of the Messages API for the suites that use real clients.
// The scenario is "[scn:NAME]" anywhere in the request body, or what follows "scn-" in the model's name.
import { startServer } from './upstream.mjs';

const event = (type, members = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;

const head = (status, contentType, extra = '') =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${contentType}\r\nrequest-id: req_fake\r\nanthropic-organization-id: org\r\n`
  + `anthropic-ratelimit-requests-remaining: 9\r\n${extra}`;

const answer = (status, body, extra = '', contentType = 'application/json') => {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return [Buffer.concat([Buffer.from(`${head(status, contentType, extra)}Content-Length: ${bytes.length}\r\n\r\n`), bytes]), { keep: true }];
};

export const chunk = (text) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
};

const error = (type, message) => ({ type: 'error', error: { type, message }, request_id: 'req_fake' });

const CONTENT = {
  text: [{ type: 'text', text: 'Grüße aus Köln 🧪 — 1 < 2 && "q"\n```js\nx\n```' }],
  tool: [
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Zürich', days: 3, deep: { a: [1, 2.5, null, true], s: 'a"b\\c\u2028' } } },
  ],
  tools2: [
    { type: 'tool_use', id: 'toolu_a', name: 'get_weather', input: { city: 'A', days: 1 } },
    { type: 'tool_use', id: 'toolu_b', name: 'get_weather', input: { city: 'B', days: 2 } },
  ],
  emptytool: [{ type: 'tool_use', id: 'toolu_e', name: 'noargs', input: {} }],
  thinking: [
    { type: 'thinking', thinking: 'First, consider…', signature: 'c2lnbmF0dXJl==' },
    { type: 'redacted_thinking', data: 'ZW5j' },
    { type: 'text', text: 'Answer.' },
  ],
  json: [{ type: 'text', text: '{"name":"Ω","n":3}' }],
  empty: [],
  refusal: [{ type: 'text', text: 'No.' }],
  long: [{ type: 'text', text: 'wörter '.repeat(5000) }],
};

const STOP_REASON = {
  tool: 'tool_use', tools2: 'tool_use', emptytool: 'tool_use', refusal: 'refusal', maxtok: 'max_tokens', stopseq: 'stop_sequence', pause: 'pause_turn',
};

const ERRORS = {
  e400: ['400 Bad Request', 'invalid_request_error'],
  e401: ['401 Unauthorized', 'authentication_error'],
  e403: ['403 Forbidden', 'permission_error'],
  e404: ['404 Not Found', 'not_found_error'],
  e413: ['413 Payload Too Large', 'request_too_large'],
  e429: ['429 Too Many Requests', 'rate_limit_error', 'retry-after: 1\r\n'],
  e500: ['500 Internal Server Error', 'api_error'],
  e529: ['529 Overloaded', 'overloaded_error'],
  enoretry: ['500 Internal Server Error', 'api_error', 'x-should-retry: false\r\n'],
};

const MODELS = {
  data: [
    { type: 'model', id: 'claude-opus-5', display_name: 'Claude Opus 5', created_at: '2026-07-01T00:00:00Z' },
    { type: 'model', id: 'claude-haiku-5-5', display_name: 'Claude Haiku 5.5', created_at: '2026-10-07T00:00:00Z' },
  ],
  has_more: false,
  first_id: 'claude-opus-5',
  last_id: 'claude-haiku-5-5',
};

export function message(scenario, model) {
  return {
    id: 'msg_01', type: 'message', role: 'assistant', model,
    content: CONTENT[scenario] ?? CONTENT.text,
    stop_reason: STOP_REASON[scenario] || 'end_turn',
    stop_sequence: scenario === 'stopseq' ? 'STOP' : null,
    usage: { input_tokens: 11, cache_creation_input_tokens: 2, cache_read_input_tokens: 5, output_tokens: 17, service_tier: 'standard' },
  };
}

const pieces = (text, size) => {
  const letters = [...text];
  const out = [];
  for (let i = 0; i < letters.length; i += size) out.push(letters.slice(i, i + size).join(''));
  return out;
};

function deltas(block) {
  switch (block.type) {
    case 'text':
      return pieces(block.text, block.text.length > 1000 ? 40 : 5).map((text) => ({ type: 'text_delta', text }));
    case 'tool_use': {
      const json = Object.keys(block.input).length ? pieces(JSON.stringify(block.input), 7) : [];
      return ['', ...json].map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    }
    case 'thinking':
      return [
        ...pieces(block.thinking, 4).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block.signature },
      ];
    default:
      return [];
  }
}

export function events(scenario, model) {
  const whole = message(scenario, model);
  const started = { ...whole, content: [], stop_reason: null, stop_sequence: null, usage: { ...whole.usage, output_tokens: 1 } };
  const out = [event('message_start', { message: started })];
  whole.content.forEach((block, index) => {
    const empty = {
      text: { type: 'text', text: '' },
      tool_use: { ...block, input: {} },
      thinking: { type: 'thinking', thinking: '', signature: '' },
      redacted_thinking: block,
    }[block.type];
    out.push(event('content_block_start', { index, content_block: empty }));
    if (!index) out.push(event('ping'));
    for (const delta of deltas(block)) out.push(event('content_block_delta', { index, delta }));
    out.push(event('content_block_stop', { index }));
  });
  out.push(event('message_delta', { delta: { stop_reason: whole.stop_reason, stop_sequence: whole.stop_sequence }, usage: { output_tokens: 17 } }));
  out.push(event('message_stop'));
  return out;
}

function stream(scenario, model) {
  const start = head('200 OK', 'text/event-stream; charset=utf-8', 'Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n');
  const all = events(scenario, model);
  const end = ['0\r\n\r\n', { keep: true }];
  switch (scenario) {
    case 'cut':
      return [start, ...all.slice(0, 5).map(chunk), { delay: 20 }, { reset: true }];
    case 'midstream':
      return [start, ...all.slice(0, 5).map(chunk), chunk(event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })), ...end];
    case 'unknown':
      all.splice(3, 0, event('brand_new_event', { x: 1 }), ': comment\n\n');
      return [start, ...all.map(chunk), ...end];
    case 'slow':
      return [start, ...all.flatMap((e) => [chunk(e), { delay: 30 }]), ...end];
    default:
      return [start, ...all.map(chunk), ...end];
  }
}

/** Starts the fake. `state.flaky` counts the requests of the scenario whose every first one fails with 529. */
export async function fakeClaude(port) {
  const state = { flaky: 0 };

  const messages = (text, body) => {
    const scenario = /\[scn:([a-z0-9]+)\]/.exec(text)?.[1] || /^scn-([a-z0-9]+)/.exec(body.model || '')?.[1] || 'text';
    if (ERRORS[scenario]) {
      const [status, type, extra] = ERRORS[scenario];
      return answer(status, error(type, `scenario ${scenario} é`), extra);
    }
    if (scenario === 'flaky' && state.flaky++ % 2 === 0) return answer('529 Overloaded', error('overloaded_error', 'once'), 'retry-after-ms: 20\r\n');
    return body.stream ? stream(scenario, body.model) : answer('200 OK', message(scenario, body.model));
  };

  const server = await startServer(port, (req) => {
    const path = req.target.split('?')[0];
    const text = req.body.toString();
    let body = {};
    try { body = JSON.parse(text); } catch { /* multipart and the like */ }

    if (req.method === 'HEAD') return ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { keep: true }];
    if (path === '/v1/messages') return messages(text, body);
    if (path === '/v1/messages/count_tokens') return answer('200 OK', { input_tokens: 42 });
    if (path === '/v1/models') return answer('200 OK', MODELS);
    if (path.startsWith('/v1/models/')) {
      return answer('200 OK', { type: 'model', id: decodeURIComponent(path.slice(11)), display_name: 'X', created_at: '2026-07-01T00:00:00Z' });
    }
    if (path === '/v1/files' && req.method === 'POST') {
      return answer('200 OK', { id: 'file_1', type: 'file', filename: 'a', mime_type: 'text/plain', size_bytes: req.body.length, created_at: '2026-07-01T00:00:00Z' });
    }
    if (/\/content$/.test(path)) return answer('200 OK', Buffer.from([0, 255, 128, 10, 13]), '', 'application/octet-stream');
    return answer('404 Not Found', error('not_found_error', `no ${path}`));
  });
  return { ...server, state };
}
