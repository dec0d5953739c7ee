// AWS event-stream framing (application/vnd.amazon.eventstream): total length, length of headers, CRC of these, headers, payload, CRC of all.
import zlib from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = zlib.crc32 ?? ((bytes) => ~bytes.reduce((c, x) => TABLE[(c ^ x) & 255] ^ (c >>> 8), ~0) >>> 0);

const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n >>> 0); return b; };

/** One frame; every header is text. */
export function frame(headers, payload) {
  const block = Buffer.concat(Object.entries(headers).map(([name, value]) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7, bytes.length >> 8, bytes.length & 255]), bytes]);
  }));
  const body = Buffer.from(payload);
  const prelude = Buffer.concat([u32(16 + block.length + body.length), u32(block.length)]);
  const message = Buffer.concat([prelude, u32(crc32(prelude)), block, body]);
  return Buffer.concat([message, u32(crc32(message))]);
}

/** A Messages event as a chunk of Bedrock's InvokeModelWithResponseStream. */
export const bedrockChunk = (event) => frame(
  { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
  JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abcdefghij' }),
);

export const bedrockException = (type, message) => frame(
  { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
  JSON.stringify({ message }),
);
