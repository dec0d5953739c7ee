// Request bodies, targets, methods and headers arrive upstream as they were sent.
import zlib from 'node:zlib';
import { request, post, ok, chunk, utf8, firstRequestHeader, JSON_TYPE } from './harness.mjs';

const BODIES = {
  'key-order-and-space': '{ "b" :1,\n\t"a":  [ 1 ,2 ] , "model":"claude-x" }\n',
  'duplicate-keys': '{"model":"a","model":"b","x":1,"x":2}',
  'big-integer': '{"n":12345678901234567890123456789}',
  floats: '{"a":1.0,"b":1e5,"c":1E+2,"d":-0.0,"e":0.1000}',
  escapes: '{"s":"\\u0041\\/\\u00e9\\ud83e\\uddea \\u2028 \\ud800"}',
  'raw-utf8': '{"s":"é ✓ 🧪 \u2028 \u0000"}',
  bom: '\ufeff{"a":1}',
  'not-json': 'this is not json',
  empty: '',
  'top-level-array': '[1,2]',
  'deep-nesting': '['.repeat(300) + ']'.repeat(300),
  'big-2MB': JSON.stringify({ s: 'x€'.repeat(500000) }),
};

const TARGETS = [
  '/v1/messages?beta=true',
  '/v1/models?limit=1000&after_id=a%20b+c%2Bd',
  '/v1/models/',
  '/v1/models?',
  '/v1/models?a&b=&=c&d=e=f&&',
  '/v1/files/a%2Fb/content',
  '/v1/files/a%2fb%5C',
  '/v1/models/anthropic.claude-x-v1%3A0',
  '/v1/models/us.anthropic.claude:0',
  '/v1//double//slash',
  '/v1/%E2%9C%93/%ff',
  '/v1/x;p=1;q=2/y',
  '/v1/a%20b',
  "/v1/x~!$&'()*+,=@-._",
  '/v1/%7Euser',
  '/v1/a/./b/../c',
  '/v1/%2e%2e/x',
  '/v1/x?created_at%5Bgte%5D=2026&created_at[lte]=2027',
  `/v1/x?q=${'a'.repeat(4000)}`,
  '/api/hello',
  '/unknown/path',
  '/v1/x?u=%u1234%zz',
  '/v1/x%23frag',
];

const HEADERS = {
  'beta-two-lines': 'anthropic-beta: a-2026-01-01\r\nanthropic-beta: b-2026-02-02,c\r\n',
  'beta-spaces': 'anthropic-beta: a ,  b,c\r\n',
  'unknown-anthropic': 'anthropic-future-thing: 1\r\nx-claude-code-session-id: s\r\nx-claude-code-agent-id: a\r\nanthropic-workspace-id: wrkspc_1\r\n',
  stainless: 'X-Stainless-Lang: js\r\nX-Stainless-Retry-Count: 1\r\nUser-Agent: Anthropic/JS 1.12.0\r\nAccept: application/json\r\n',
  'empty-value': 'x-empty:\r\n',
  ows: 'x-ows:  \t padded \t \r\n',
  latin1: 'x-lat: caf\xe9\r\n',
  'no-user-agent': '',
  'accept-encoding': 'Accept-Encoding: gzip, deflate, br, zstd\r\n',
  'no-accept-encoding': 'Accept: */*\r\n',
  trace: 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntracestate: a=b\r\nbaggage: k=v\r\n',
  many: Array.from({ length: 80 }, (_, i) => `x-h${i}: v${i}\r\n`).join(''),
  'long-value': `x-long: ${'v'.repeat(12000)}\r\n`,
  repeated: 'x-m: 1\r\nx-m: 2\r\nx-m: 1\r\n',
  cookie: 'Cookie: a=b; c=d\r\n',
  origin: 'Origin: http://localhost:3000\r\nReferer: http://localhost:3000/x\r\n',
  range: 'Range: bytes=0-3\r\nIf-None-Match: "x"\r\nCache-Control: no-store\r\nPragma: no-cache\r\n',
  forwarded: 'X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nVia: 1.1 x\r\n',
  webhook: 'webhook-id: w\r\nwebhook-signature: v1,x\r\n',
  idempotency: 'Idempotency-Key: stainless-node-retry-1\r\n',
};

export async function requests(bench) {
  for (const [name, body] of Object.entries(BODIES)) await bench.both(`req-body/${name}`, post(body), ok);

  const notUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x80, 0x22, 0x7d]);
  await bench.both('req-body/invalid-utf8', post(notUtf8), ok);
  const allBytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255));
  await bench.both('req-body/all-256-bytes', post(allBytes, 'Content-Type: application/octet-stream\r\n', '/v1/files'), ok);
  await bench.both('req-body/33MB', post(Buffer.alloc(33 * 1024 * 1024, 'a')), ok, { options: { timeout: 60_000 } });
  await bench.both('req-body/gzip-encoded', post(zlib.gzipSync('{"model":"m"}'), `${JSON_TYPE}Content-Encoding: gzip\r\n`), ok);
  const multipart = '--X\r\nContent-Disposition: form-data; name="file"; filename="a\u00fc.bin"\r\n\r\n\x00\r\n--\r\n--X--\r\n';
  await bench.both('req-body/multipart', post(multipart, 'Content-Type: multipart/form-data; boundary=X\r\n', '/v1/files'), ok);

  const chunked = Buffer.concat(['{"model":', '"m",', '"s":"é"}'].map(chunk).concat([utf8('0\r\n\r\n')]));
  await bench.both('req-body/chunked', post(chunked, `${JSON_TYPE}Transfer-Encoding: chunked\r\n`), ok);
  const extension = utf8('5;a=b;c="d"\r\nhello\r\n0\r\n\r\n');
  await bench.both('req-body/chunk-extension', post(extension, 'Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n'), ok);
  await bench.both('req-body/byte-at-a-time', post('{"model":"é"}'), ok, { options: { segments: Array(400).fill(1), gap: 0 } });
  await bench.both('req-body/expect-100', post('{"model":"m"}', `${JSON_TYPE}Expect: 100-continue\r\n`), ok, { options: { waitFor100: true } });
  for (const [method, target] of [['GET', '/v1/models'], ['DELETE', '/v1/files/x']]) {
    await bench.both(`req-body/${method.toLowerCase()}-with-body`, request(method, target, `${JSON_TYPE}Content-Length: 2\r\n`, '{}'), ok);
  }

  for (const target of TARGETS) {
    await bench.both(`target/${target.length > 60 ? `${target.slice(0, 40)}…` : target}`, request('GET', target), ok);
  }

  const headOnly = () => ['HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n', { keep: true }];
  for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']) {
    await bench.both(`method/${method}`, request(method, '/v1/x', '', /^P/.test(method) ? '{}' : ''), method === 'HEAD' ? headOnly : ok);
  }

  for (const [name, lines] of Object.entries(HEADERS)) {
    await bench.both(`req-header/${name}`, post('{}', JSON_TYPE + lines), ok, { requestOnly: true });
  }
  await bench.both('req-header/connection-listed-is-dropped', post('{}', `${JSON_TYPE}Connection: x-private\r\nx-private: 1\r\n`), ok, {
    check: (_, via) => (!bench.direct && firstRequestHeader(via, 'x-private') !== undefined ? 'a header named in Connection was forwarded' : ''),
  });
}
