// Server-sent events: the bytes are identical, and so are the events as an independent parser sees them.
import zlib from 'node:zlib';
import { post, answer, chunk, event, utf8, JSON_TYPE, SSE_HEAD, END } from './harness.mjs';
import { BINARY } from './responses.mjs';

/** Every kind of event of a Messages stream, with line ends `nl`. */
const full = (nl) => [
  ['message_start', { message: { id: 'msg_1', content: [] } }],
  ['content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }],
  ['ping', {}],
  ['content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'Ω🧪' } }],
  ['content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'sig==' } }],
  ['content_block_stop', { index: 0 }],
  ['content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: '{"a' } }],
  ['content_block_delta', { index: 2, delta: { type: 'citations_delta', citation: { type: 'char_location' } } }],
  ['content_block_delta', { index: 3, delta: { type: 'compaction_delta', content: 'x' } }],
  ['message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } }],
  ['message_stop', {}],
].map(([type, members]) => event(type, { type, ...members }, nl)).join('');

const overloaded = event('error', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });

const STREAMS = {
  lf: full('\n'),
  crlf: full('\r\n'),
  cr: full('\r'),
  bom: `\ufeff${full('\n')}`,
  comments: `: hi\n\n:\n\n${full('\n').replace(/\n\n/g, '\n\n: keep-alive\n\n')}`,
  'mixed-newlines': full('\n').slice(0, 200).replace(/\n/g, '\r\n') + full('\n').slice(200),
  'no-space': full('\n').replace(/: /g, ':'),
  'multi-line-data': 'event: x\ndata: {"a":\ndata: 1}\n\n',
  'id-retry': 'retry: 3000\nid: 7\nevent: x\ndata: {}\n\nid\ndata: {}\n\n',
  'unknown-event': event('future_event', { type: 'future_event', n: 12345678901234567890 }),
  'data-only': 'data: {"type":"x"}\n\n',
  'event-without-data': `event: ping\n\n${full('\n')}`,
  'no-final-blank-line': full('\n').trimEnd(),
  'error-event': full('\n').slice(0, 300) + overloaded,
  'openai-style-done': 'data: {"a":1}\n\ndata: [DONE]\n\n',
  empty: '',
  'only-comments': ': a\n\n: b\n\n',
  'one-MB-line': event('x', { s: 'é'.repeat(524288) }),
  '5000-events': Array.from({ length: 5000 }, (_, i) => event('content_block_delta', { i })).join(''),
  'nul-and-controls': 'event: x\ndata: {"s":"\\u0000"}\u0000\u001f\n\n',
  'field-junk': 'foo: bar\ndata\n:x\nevent:\ndata: 1\n\n',
  'json-number-forms': 'event: x\ndata: {"a":1.0,"b":1e3,"c":12345678901234567890,"d":"\\u00e9\\/"}\n\n',
};

const CHUNK_BYTES = { bytes: 1, seven: 7, thousand: 1000, whole: Infinity };

function cut(text, how) {
  const bytes = utf8(text);
  const size = Math.min(CHUNK_BYTES[how], bytes.length || 1);
  const out = [];
  for (let i = 0; i < bytes.length; i += size) out.push(bytes.subarray(i, i + size));
  return out;
}

export async function streams(bench) {
  const streaming = post('{"stream":true}');
  for (const [name, text] of Object.entries(STREAMS)) {
    for (const how of text.length > 20_000 ? ['whole', 'thousand'] : ['whole', 'bytes', 'seven']) {
      await bench.both(`sse/${name}/${how}`, streaming, () => [SSE_HEAD, ...cut(text, how).map(chunk), ...END], { events: true });
    }
  }
  await bench.both('sse/utf8-split-with-gaps', streaming,
    () => [SSE_HEAD, ...cut(event('x', { s: '🧪é✓' }), 'bytes').flatMap((b) => [chunk(b), { delay: 2 }]), ...END], { events: true });
  await bench.both('sse/length-delimited', streaming, () => answer(full('\n'), '', '200 OK', 'text/event-stream'), { events: true });
  await bench.both('sse/gzip-encoded', post('{"stream":true}', `${JSON_TYPE}Accept-Encoding: gzip\r\n`),
    () => [SSE_HEAD.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n'), chunk(zlib.gzipSync(full('\n'))), ...END]);
  const awsHead = 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n\r\n';
  await bench.both('sse/aws-eventstream-bytes', post('{}', undefined, '/model/x/invoke-with-response-stream'), () => [awsHead, chunk(BINARY), ...END]);
}

