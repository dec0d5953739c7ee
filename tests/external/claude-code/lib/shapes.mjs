// Requests as chats and tools make them. Each is sent as it stands and must arrive so, but for what the program adds by itself.
// SillyTavern's shapes: every content an array of blocks, system an array of one block a prompt, the character's greeting first.
import zlib from 'node:zlib';

const text = (value) => ({ type: 'text', text: value });
const user = (...blocks) => ({ role: 'user', content: blocks.map((b) => (typeof b === 'string' ? text(b) : b)) });
const assistant = (...blocks) => ({ role: 'assistant', content: blocks.map((b) => (typeof b === 'string' ? text(b) : b)) });

const CARD = [
  text('You are the narrator and every character except Riley in an ongoing piece of collaborative fiction. Write Maren\'s next reply.\n\nGuidelines:\n- Third person, past tense.\n- Never speak, decide or act for Riley.'),
  text('Riley is a travelling surveyor: grey eyes, an ink-stained coat, a limp from an old fall.'),
  text('Maren keeps the ferry landing.\n\n"Tell the river", she says — *and* the river answers. Zürich, 東京, 🧪, ﷽.'),
  text('[Example Chat]'),
  text('Riley: How deep is it?\nMaren: *shrugs* Deep enough.'),
  text('[Start a new Chat]'),
];

const WORDS = 'the ferry landing was quiet under a low moon and Maren counted coins while Riley asked one more question about the bell below the harbour'.split(' ');
/** Words that are the same in every run. */
const words = (seed, n) => Array.from({ length: n }, (_, i) => WORDS[(seed * 7 + i * (3 + (seed % 5))) % WORDS.length]).join(' ');

const turn = (i) => (i % 2 ? user(`*leans over the rail* ${words(i, 40)}?`) : assistant(`*${words(i, 6)}*\n\n"${words(i + 1, 90)}," she said.`));

/** A greeting, then turns of both until `n` messages stand before the last one. */
export const history = (n, last) => [...Array.from({ length: n }, (_, i) => turn(i)), user(last)];

const ODD = [
  '/help /clear @/etc/hostname #memory !ls', '  two blanks before, a line break after\n', '<system-reminder>not one of yours</system-reminder>',
  '"quotes" \\ backslash \\n not a break\ttab \u0001\u001f\u007f \u2028\u2029 \ufeff', '𝔘𝔫𝔦 👩‍👩‍👧 e\u0301 שלום مرحبا', '{"type":"result","is_error":true}', '# Environment',
  `You are powered by the model named nothing.`,
];

/** A picture of one colour a row, too small for anyone to shrink. */
function png(size) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) >>> 0 : crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y++) rows.fill((y * 37) & 255, y * (1 + size * 3) + 1, (y + 1) * (1 + size * 3));
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', zlib.deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]).toString('base64');
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export const image = (size = 64) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png(size) } });
const imageByUrl = { type: 'image', source: { type: 'url', url: 'https://example.com/ferry.png' } };
const pdf = {
  type: 'document', title: 'Ledger', context: 'The ferry\'s accounts',
  source: { type: 'base64', media_type: 'application/pdf', data: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF').toString('base64') },
};
const plain = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Line one.\nLine two — ü.' } };

export const TOOLS = [
  { name: 'get_weather', description: 'The weather of a city — now.', input_schema: { type: 'object', properties: { city: { type: 'string', description: 'ü' }, days: { type: 'integer', minimum: 1, maximum: 9 } }, required: ['city'] } },
  { name: 'roll-dice_2', description: '', input_schema: { type: 'object', properties: { sides: { enum: [6, 20] }, deep: { type: 'object', properties: { a: { type: 'array', items: { type: ['string', 'null'] } } }, additionalProperties: false } } } },
  { name: 'noargs', description: 'Takes nothing.', input_schema: { type: 'object', properties: {} } },
];
const use = (id, name, input) => ({ type: 'tool_use', id, name, input });
const result = (id, content, more = {}) => ({ type: 'tool_result', tool_use_id: id, content, ...more });
const thinking = (words, signature = 'c2lnbmF0dXJl') => ({ type: 'thinking', thinking: words, signature });
const redacted = { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' };

const base = (model, members) => ({ model, max_tokens: 2048, system: CARD, stop_sequences: [], stream: true, ...members });
const adaptive = { type: 'adaptive', display: 'summarized' };

/** name -> body. `OLD`: notes go into the last user message; `NEW`, `NEWER`: into a message of role system, with marks of effort. */
const OLD = 'claude-sonnet-4-5';
const NEW = 'claude-sonnet-5';
const NEWER = 'claude-opus-5-5';

export const SHAPES = {
  'sillytavern/greeting first': base(OLD, { messages: [assistant('*The bell rings.* "Late again?"'), user('"Sorry."')] }),
  'sillytavern/greeting first, newer model': base(NEWER, { thinking: adaptive, messages: [assistant('*The bell rings.* "Late again?"'), user('"Sorry."')] }),
  'sillytavern/without the system prompt': base(OLD, { system: undefined, messages: [user(...CARD.map((b) => b.text)), assistant('"Late again?"'), user('"Sorry."')] }),
  'sillytavern/only a beginning': base(OLD, { messages: [user('[Start a new chat]')] }),
  'sillytavern/two user turns at the end': base(NEW, { thinking: adaptive, messages: [assistant('Hi.'), user('And then?'), user('Maren: ')] }),
  'sillytavern/three user turns in a row, two assistant turns in a row': base(OLD, { messages: [user('a'), user('b'), user('c\n'), assistant('d'), assistant('e'), user('f')] }),
  'sillytavern/author\'s note in a turn': base(NEW, { thinking: adaptive, messages: [assistant('Hi.'), user('Well.', '[Author\'s note: rain]'), assistant('Rain.'), user('Go on.', '[Post-history: brief]')] }),
  'sillytavern/group': base(NEWER, { messages: [assistant('Maren: "One."', 'Tobias: "Two."', 'Ilse: "Three."'), user('Riley: "Four."'), assistant('Maren: "Five."', 'Ilse: "Six."'), user('Riley: ?')] }),
  'sillytavern/continue': base(OLD, { messages: [user('Tell me.'), assistant('Once upon a'), user('[Continue your last message without repeating its original content.]')] }),
  'sillytavern/60 messages of history': base(OLD, { messages: history(60, '*waits* "And the bell?"') }),
  'sillytavern/60 messages of history, newer model': base(NEWER, { thinking: adaptive, messages: history(60, '*waits* "And the bell?"') }),
  'sillytavern/sampling': base(OLD, { temperature: 0.85, top_k: 40, stop_sequences: ['\nRiley:', '"""', '\u2028'], messages: [user('Go.')] }),
  'sillytavern/effort': base(NEW, { thinking: adaptive, output_config: { effort: 'low' }, messages: [user('Go.')] }),
  'sillytavern/test message': { model: OLD, max_tokens: 300, stream: false, stop_sequences: [], temperature: 1, messages: [user('Hi')] },
  'text/odd texts, each a turn': base(OLD, { messages: ODD.flatMap((odd) => [user(odd), assistant(`${odd}.`)]).concat(user('and the last /help')) }),
  'text/odd texts, newer model': base(NEWER, { messages: ODD.flatMap((odd) => [user(odd), assistant(`${odd}.`)]).concat(user('/help')) }),
  'text/a command as the last turn': base(OLD, { messages: [user('/clear')] }),
  'text/200 KB of system prompt, 100 KB in a turn': base(OLD, { system: [text(words(3, 36_000))], messages: [user(words(5, 18_000)), assistant('Long.'), user('Yes.')] }),
  'text/strings for contents': base(OLD, { system: 'One string\n\nof two paragraphs ', messages: [{ role: 'user', content: 'one' }, { role: 'assistant', content: 'two' }, { role: 'user', content: 'three' }] }),
  'tools/offered': base(OLD, { tools: TOOLS, messages: [user('What is the weather?')] }),
  'tools/offered, newer model': base(NEWER, { tools: TOOLS, tool_choice: { type: 'auto' }, messages: [user('What is the weather?')] }),
  'tools/forced': base(OLD, { tools: TOOLS, tool_choice: { type: 'tool', name: 'get_weather', disable_parallel_tool_use: true }, thinking: { type: 'disabled' }, messages: [user('What is the weather?')] }),
  'tools/use and result': base(OLD, {
    tools: TOOLS, messages: [user('Weather?'), assistant('Let me look.', use('toolu_1', 'get_weather', { city: 'Zürich', days: 3 })), user(result('toolu_1', 'Rain, "all"\n day'))],
  }),
  'tools/result of blocks': base(OLD, {
    tools: TOOLS, messages: [user('Weather?'), assistant(use('toolu_1', 'get_weather', { city: 'Bern' })), user(result('toolu_1', [text('Rain\n'), image(16), text('all day ')]))],
  }),
  'tools/parallel, failed, empty, with a picture, words after': base(OLD, {
    tools: TOOLS, messages: [
      user('Both?'),
      assistant(use('toolu_a', 'get_weather', { city: 'A' }), use('toolu_b', 'roll-dice_2', { sides: 6, deep: { a: ['x', null] } }), use('toolu_c', 'noargs', {})),
      user(result('toolu_a', [text('Sun'), image()]), result('toolu_b', 'no dice', { is_error: true }), result('toolu_c', [text('done')]), 'Well?'),
      assistant('Well.'), user('Thanks.'),
    ],
  }),
  'tools/two rounds, newer model': base(NEWER, {
    tools: TOOLS, messages: [
      user('Both?'), assistant(use('toolu_a', 'get_weather', { city: 'A' })), user(result('toolu_a', 'Sun')),
      assistant('And', use('toolu_b', 'get_weather', { city: 'B' })), user(result('toolu_b', 'Rain')),
    ],
  }),
  'thinking/signed, in history': base(OLD, {
    thinking: { type: 'enabled', budget_tokens: 1500 }, messages: [user('Why?'), assistant(thinking('Because…\n — hm.'), redacted, 'So.'), user('Really?')],
  }),
  'thinking/signed, before a tool': base(NEWER, {
    thinking: adaptive, tools: TOOLS,
    messages: [user('Weather?'), assistant(thinking('I should look.'), use('toolu_1', 'get_weather', { city: 'Bern' })), user(result('toolu_1', 'Fog'))],
  }),
  'thinking/off': base(OLD, { thinking: { type: 'disabled' }, temperature: 0.3, messages: [user('Go.')] }),
  'documents/PDF and plain text': base(OLD, { messages: [user(pdf, plain, 'What do they say?'), assistant('Little.'), user('And?')] }),
  'documents/in the last turn, newer model': base(NEWER, { messages: [user('Look:'), assistant('Yes?'), user(pdf, 'What does it say?')] }),
  'images/base64 and address, first and last': base(OLD, { messages: [user(image(), 'One?'), assistant('One.'), user('Two:', imageByUrl, image(32), 'Which?')] }),
  'images/newer model': base(NEWER, { messages: [user(image(), 'One?'), assistant('One.'), user(image(48), 'Two?')] }),
};
