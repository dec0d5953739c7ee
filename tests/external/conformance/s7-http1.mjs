// s7. Malformed and ambiguous HTTP/1.1 sent to TARGET over raw sockets (RFC 9110, RFC 9112, shapes of request smuggling).
//   reject   answered with 4xx or 5xx, or closed, and nothing whole reaches the upstream
//   safe     rejected, or exactly the one outer request is forwarded
//   TARGET=http://127.0.0.1:PORT UPSTREAM_PORT=4111 node s7-http1.mjs        ONLY, VERBOSE, OUT: see ../lib/book.mjs
import net from 'node:net';
import { rawRequest } from './lib/client.mjs';
import { startServer } from './lib/upstream.mjs';
import { get, sleep } from './lib/wire.mjs';
import { Book } from '../lib/book.mjs';

if (!process.env.TARGET) {
  console.error('s7 needs TARGET: it has no direct run to compare with');
  process.exit(2);
}
const port = Number(new URL(process.env.TARGET).port);
const book = new Book('s7-http1');
const upstream = await startServer(Number(process.env.UPSTREAM_PORT || 4111),
  () => ['HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}', { keep: true }]);

const HEAD = 'Host: gw.test\r\nContent-Type: application/json\r\n';
const post = (headers, body = '') => `POST /v1/messages HTTP/1.1\r\n${HEAD}${headers}\r\n${body}`;
const line = (start, headers = '') => `${start}\r\nHost: gw.test\r\n${headers}\r\n`;
const models = (headers = '') => line('GET /v1/models HTTP/1.1', headers);

const TE = 'Transfer-Encoding: chunked\r\n';
const two = (headers) => post(`${headers}Content-Length: 2\r\n`, '{}');
const chunked = (body) => post(TE, body);
const LAST = '0\r\n\r\n';
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
/** A length that covers the last chunk and the smuggled request behind it. */
const COVERING = `Content-Length: ${LAST.length + SMUGGLED.length}\r\n`;

const reject = (bytes) => ({ rule: 'reject', bytes });
const safe = (bytes) => ({ rule: 'safe', bytes });
/** The second request is correctly delimited where the first is read by its Transfer-Encoding: then it is a request of its own. */
const pipelined = (bytes) => ({ rule: 'safe', bytes, secondIsItsOwn: true });

const LENGTHS = {
  'CL.TE': pipelined(post(COVERING + TE, LAST + SMUGGLED)),
  'TE.CL': pipelined(post(`Content-Length: 4\r\n${TE}`, `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n${LAST}`)),
  'two-CL-differ': reject(post('Content-Length: 2\r\nContent-Length: 40\r\n', `{}${SMUGGLED}`)),
  'CL-list-differ': reject(post('Content-Length: 2, 40\r\n', `{}${SMUGGLED}`)),
  'CL-list-same': safe(post('Content-Length: 2, 2\r\n', '{}')),
  'CL-plus': reject(post('Content-Length: +2\r\n', '{}')),
  'CL-negative': reject(post('Content-Length: -1\r\n', '{}')),
  'CL-hex': reject(post('Content-Length: 0x2\r\n', '{}')),
  'CL-space-inside': reject(post('Content-Length: 2 0\r\n', '{}')),
  'CL-huge': reject(post('Content-Length: 99999999999999999999\r\n', '{}')),
  'CL-empty': reject(post('Content-Length:\r\n', '{}')),
};

const TRANSFER_ENCODINGS = {
  'TE-xchunked': reject(post('Transfer-Encoding: xchunked\r\n', LAST)),
  'TE-chunked-then-identity': reject(post('Transfer-Encoding: chunked, identity\r\n', LAST)),
  'TE-two-lines': pipelined(post(`Transfer-Encoding: identity\r\n${TE}`, LAST + SMUGGLED)),
  'TE-space-before-colon': reject(post(`${COVERING}Transfer-Encoding : chunked\r\n`, LAST + SMUGGLED)),
  'TE-tab': pipelined(post('Transfer-Encoding:\tchunked\r\n', LAST + SMUGGLED)),
  'TE-vertical-tab': reject(post(`${COVERING}Transfer-Encoding: \x0bchunked\r\n`, LAST + SMUGGLED)),
  'TE-obs-fold': reject(post(`${COVERING}Transfer-Encoding:\r\n chunked\r\n`, LAST + SMUGGLED)),
  'TE-upper': safe(post('Transfer-Encoding: CHUNKED\r\n', LAST)),
  'TE-in-http10': pipelined(post(TE, LAST + SMUGGLED).replace('HTTP/1.1', 'HTTP/1.0')),
  'TE-underscore': safe(post(`${COVERING}Transfer_Encoding: chunked\r\n`, LAST + SMUGGLED)),
};

const CHUNKS = {
  'chunk-size-neg': reject(chunked('-1\r\n\r\n')),
  'chunk-size-0x': reject(chunked(`0x2\r\n{}\r\n${LAST}`)),
  'chunk-size-overflow': reject(chunked(`ffffffffffffffff2\r\n{}\r\n${LAST}`)),
  'chunk-size-empty': reject(chunked(`\r\n{}\r\n${LAST}`)),
  'chunk-data-longer': reject(chunked(`2\r\n{}XX\r\n${LAST}`)),
  'chunk-bare-lf': pipelined(chunked(`2\n{}\n0\n\n${SMUGGLED}`)),
  'chunk-ext-lf': safe(chunked(`2;\n{}\r\n${LAST}`)),
  'trailer-framing-field': safe(chunked('2\r\n{}\r\n0\r\nContent-Length: 50\r\n\r\n')),
};

const HEADER_LINES = {
  'space-before-colon': reject(two('X-A : 1\r\n')),
  'header-no-colon': reject(two('garbage\r\n')),
  'header-empty-name': reject(two(': x\r\n')),
  'header-nul': reject(two('X-A: a\x00b\r\n')),
  'header-bare-cr': reject(two('X-A: a\rX-B: b\r\n')),
  'obs-fold': safe(two('X-A: a\r\n b\r\n')),
  'leading-space-header': reject(`POST /v1/messages HTTP/1.1\r\n X: 1\r\n${HEAD}Content-Length: 2\r\n\r\n{}`),
  'bare-lf-lines': safe(two('').replace(/\r\n/g, '\n')),
  'leading-crlf': safe(`\r\n${two('')}`),
};

const REQUEST_LINES = {
  'no-host': reject('GET /v1/models HTTP/1.1\r\n\r\n'),
  'two-hosts': reject(models('Host: evil.test\r\n')),
  'host-bad': reject('GET /v1/models HTTP/1.1\r\nHost: a b\r\n\r\n'),
  'absolute-form-other-host': safe(line('GET http://evil.invalid/v1/models HTTP/1.1')),
  'absolute-form-userinfo': safe(line('GET http://u:p@gw.test/v1/models HTTP/1.1')),
  connect: reject(line('CONNECT 127.0.0.1:22 HTTP/1.1')),
  trace: safe(line('TRACE /v1/models HTTP/1.1')),
  'asterisk-get': reject(line('GET * HTTP/1.1')),
  'version-2': reject(line('GET /v1/models HTTP/2.0')),
  'version-junk': reject(line('GET /v1/models HTTP/1.1x')),
  'version-lower': reject(line('GET /v1/models http/1.1')),
  'no-version': reject('GET /v1/models\r\n\r\n'),
  'double-space': reject(line('GET  /v1/models HTTP/1.1')),
  'target-space': reject(line('GET /v1/mod els HTTP/1.1')),
  'target-nul': reject(line('GET /v1/\x00 HTTP/1.1')),
  'target-fragment': safe(line('GET /v1/models#x HTTP/1.1')),
  'target-no-slash': reject(line('GET v1/models HTTP/1.1')),
  'target-crlf-encoded': safe(line('GET /v1/%0d%0aX-Injected:%201 HTTP/1.1')),
  'method-junk': reject(line('GE{T} /v1/models HTTP/1.1')),
  'upgrade-h2c': safe(models('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n')),
  'upgrade-websocket': safe(models('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n')),
};

const LIMITS = {
  'header-100KB': reject(two(`X-A: ${'a'.repeat(100_000)}\r\n`)),
  'headers-5000': reject(two(Array.from({ length: 5000 }, (_, i) => `X-${i}: 1\r\n`).join(''))),
  'target-200KB': reject(line(`GET /v1/${'a'.repeat(200_000)} HTTP/1.1`)),
  'expect-unknown': safe(two('Expect: banana\r\n')),
  'get-with-TE': pipelined(models(TE) + LAST + SMUGGLED),
};

async function judge({ rule, bytes, secondIsItsOwn }) {
  const from = upstream.requests.length;
  const answer = await rawRequest(port, bytes, { timeout: 2500 }).catch((e) => ({ status: 0, closed: e.code }));
  await sleep(30);
  if (answer.closed === 'ECONNREFUSED') return 'nobody listens any more';
  const seen = upstream.requests.slice(from);

  if (seen.some((r) => r.headers.some(([name]) => /^x-injected$/i.test(name)))) return 'header injected upstream';
  if (!secondIsItsOwn && seen.some((r) => /smuggled/.test(r.target))) return `smuggled request reached the upstream (client saw ${answer.status})`;
  if (rule === 'safe') {
    const foreign = seen.some((r) => /evil/.test(get(r.headers, 'host') || '') || /^http:\/\/evil/.test(r.target));
    return foreign ? 'foreign authority forwarded' : '';
  }
  const whole = seen.find((r) => r.complete);
  if (whole) return `forwarded as a complete request: ${whole.method} ${whole.target.slice(0, 40)}; client saw ${answer.status}`;
  if (answer.status && answer.status < 400) return `answered ${answer.status}`;
  if (!answer.status && answer.closed === 'timeout') return 'neither answered nor closed within 2.5 s';
  return '';
}

for (const group of [LENGTHS, TRANSFER_ENCODINGS, CHUNKS, HEADER_LINES, REQUEST_LINES, LIMITS]) {
  for (const [id, one] of Object.entries(group)) await book.case(id, () => judge(one));
}

await book.case('still-serving', async () => {
  const answer = await rawRequest(port, two(''), { timeout: 3000 });
  return answer.status === 200 ? '' : `status ${answer.status} ${answer.closed}`;
});
await book.case('200-idle-connections-do-not-starve', async () => {
  const idle = Array.from({ length: 200 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
  for (const sock of idle) sock.write('POST /v1/messages HTTP/1.1\r\nHost: gw\r\n');
  await sleep(300);
  const answer = await rawRequest(port, two(''), { timeout: 3000 });
  for (const sock of idle) sock.destroy();
  return answer.status ? '' : `no answer: ${answer.closed}`;
});
await upstream.stop();
book.done();
process.exit();
