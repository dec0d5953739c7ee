// Status codes, response headers, bodies and framings come back as the upstream sent them.
import zlib from 'node:zlib';
import { request, post, ok, answer, chunk, utf8, JSON_TYPE, CHUNKED_JSON } from './harness.mjs';

const API_HEADERS = [
  'request-id: req_1',
  'anthropic-organization-id: o',
  'anthropic-workspace-id: wrkspc_1',
  'anthropic-ratelimit-requests-limit: 50',
  'anthropic-ratelimit-requests-remaining: 49',
  'anthropic-ratelimit-requests-reset: 2026-11-22T00:00:00Z',
  'anthropic-ratelimit-tokens-remaining: 1000',
  'anthropic-priority-input-tokens-limit: 5',
  '',
].join('\r\n');

/** Status line, error type (none: a success), further headers. */
const STATUSES = [
  ['200 OK'],
  ['201 Created'],
  ['202 Accepted'],
  ['206 Partial Content'],
  ['400 Bad Request', 'invalid_request_error'],
  ['401 Unauthorized', 'authentication_error', 'www-authenticate: Bearer error="invalid_token"\r\n'],
  ['402 Payment Required', 'billing_error'],
  ['403 Forbidden', 'permission_error'],
  ['404 Not Found', 'not_found_error'],
  ['405 Method Not Allowed', 'invalid_request_error', 'Allow: POST\r\n'],
  ['408 Request Timeout', 'timeout_error'],
  ['409 Conflict', 'conflict_error'],
  ['412 Precondition Failed', 'invalid_request_error'],
  ['413 Payload Too Large', 'request_too_large'],
  ['418 Teapot', 'x'],
  ['422 Unprocessable', 'invalid_request_error'],
  ['429 Too Many Requests', 'rate_limit_error', 'retry-after: 17\r\nx-should-retry: true\r\nretry-after-ms: 1500\r\n'],
  ['500 Internal Server Error', 'api_error', 'x-should-retry: false\r\n'],
  ['502 Bad Gateway', 'api_error'],
  ['503 Service Unavailable', 'api_error', 'retry-after: 5\r\n'],
  ['504 Gateway Timeout', 'timeout_error'],
  ['529 Site Overloaded', 'overloaded_error', 'x-should-retry: true\r\n'],
  ['599 Odd', 'api_error'],
];

const HEADERS = {
  duplicates: 'set-cookie: a=1; Path=/\r\nset-cookie: b=2; HttpOnly\r\nx-m: 1\r\nx-m: 2\r\n',
  'empty-value': 'x-empty: \r\n',
  latin1: 'x-lat: caf\xe9\r\n',
  'server-and-via': 'Server: cloudflare\r\nVia: 1.1 google\r\ncf-cache-status: DYNAMIC\r\n',
  amzn: 'x-amzn-requestid: a\r\nx-amzn-bedrock-invocation-latency: 10\r\n',
  cors: 'Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: request-id\r\n',
  long: `x-long: ${'v'.repeat(12000)}\r\n`,
  caching: 'ETag: "a"\r\nAge: 1\r\nVary: Origin, Accept-Encoding\r\nCache-Control: private\r\nLast-Modified: Sun, 22 Nov 2026 00:00:00 GMT\r\n',
  disposition: "Content-Disposition: attachment; filename*=UTF-8''%e2%9c%93.bin\r\nContent-Language: en\r\n",
  security: 'Strict-Transport-Security: max-age=1\r\nX-Content-Type-Options: nosniff\r\nalt-svc: h3=":443"\r\n',
};

/** 4096 bytes of all values; also what a stream of AWS frames is made of here. */
export const BINARY = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) & 255));

export const errorBody = (type) => JSON.stringify({ type: 'error', error: { type, message: 'm é', details: { error_code: 'c' } }, request_id: 'req_1' });

export async function responses(bench) {
  for (const [status, type, more = ''] of STATUSES) {
    await bench.both(`status/${status.slice(0, 3)}`, post('{}'), () => answer(type ? errorBody(type) : '{"ok":1}', API_HEADERS + more, status));
  }
  const redirects = [
    ['301 Moved', '/v1/x'],
    ['302 Found', `http://127.0.0.1:${bench.upstreamPort}/elsewhere`],
    ['307 Temporary Redirect', '/v1/y'],
    ['308 Permanent Redirect', 'https://example.invalid/'],
  ];
  for (const [status, location] of redirects) {
    await bench.both(`status/${status.slice(0, 3)}-not-followed`, post('{}'), () => answer('', `Location: ${location}\r\n`, status), {
      check: (direct, via) => (via.reqs.length > 1 ? 'redirect was followed' : via.res.status !== direct.res.status ? `status ${via.res.status}` : ''),
    });
  }
  await bench.both('status/204', request('DELETE', '/v1/files/x'), () => ['HTTP/1.1 204 No Content\r\nrequest-id: r\r\n\r\n', { keep: true }]);
  await bench.both('status/304', request('GET', '/v1/files/x', 'If-None-Match: "e"\r\n'), () => ['HTTP/1.1 304 Not Modified\r\nETag: "e"\r\n\r\n', { keep: true }]);
  const page = '<html><body>413 Cloudflare</body></html>';
  await bench.both('status/html-error-from-edge', post('{}'), () => answer(page, 'cf-ray: abc-FRA\r\nServer: cloudflare\r\n', '413 Request Entity Too Large', 'text/html'));
  await bench.both('status/empty-body-500', post('{}'), () => answer('', '', '500 Internal Server Error'));

  for (const [name, lines] of Object.entries(HEADERS)) {
    const whole = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n${lines}\r\n{}`, 'latin1');
    await bench.both(`res-header/${name}`, post('{}'), () => [whole, { keep: true }]);
  }
  await bench.both('res-header/no-content-type', post('{}'), () => ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', { keep: true }]);

  const download = request('GET', '/v1/files/x/content');
  const octets = 'application/octet-stream';
  await bench.both('res-body/binary', download, () => answer(BINARY, '', '200 OK', octets));
  await bench.both('res-body/20MB', download, () => answer(Buffer.alloc(20 << 20, 'z'), '', '200 OK', octets), { options: { timeout: 60_000 } });
  const zstd = () => Buffer.from('28b52ffd2001090000', 'hex');
  for (const [encoding, compress] of [['gzip', zlib.gzipSync], ['br', zlib.brotliCompressSync], ['deflate', zlib.deflateSync], ['zstd', zstd]]) {
    await bench.both(`res-body/${encoding}-untouched`, post('{}', `${JSON_TYPE}Accept-Encoding: ${encoding}\r\n`),
      () => answer(compress('{"a":"compressed"}'), `Content-Encoding: ${encoding}\r\nVary: Accept-Encoding\r\n`));
  }
  await bench.both('res-body/jsonl', request('GET', '/v1/messages/batches/x/results'), () => answer('{"a":1}\n{"b":"é"}\n', '', '200 OK', 'application/x-jsonl'));
  await bench.both('res-body/json-bytes-kept', post('{}'), () => answer('{ "z":1.0, "a":12345678901234567890,\n "s":"\\u00e9\\/" }'));

  await bench.both('res-frame/chunked-odd-sizes', post('{}'),
    () => [CHUNKED_JSON, ...[1, 2, 3, 500, 1].map((n) => chunk('x'.repeat(n))), '0\r\n\r\n', { keep: true }]);
  await bench.both('res-frame/close-delimited', post('{}'),
    () => ['HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"until":"close"}', { close: true }]);
  await bench.both('res-frame/trailers', post('{}'),
    () => [CHUNKED_JSON.replace('\r\n\r\n', '\r\nTrailer: x-sum\r\n\r\n'), chunk('{}'), '0\r\nx-sum: abc\r\n\r\n', { keep: true }]);
  await bench.both('res-frame/103-then-200', post('{}'), () => [utf8('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), ...ok()], {
    check: (direct, via) => (via.res.status !== 200 || !via.res.body.equals(direct.res.body) ? `status ${via.res.status}` : ''),
  });
}
