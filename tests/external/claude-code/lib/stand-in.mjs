// A program that talks like the real one up to the turn that asks, and then misbehaves as told: what the real one cannot be made to do.
//   node stand-in.mjs BEHAVIOUR
import readline from 'node:readline';

const behaviour = process.argv[2];
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const result = { type: 'result', subtype: 'success', is_error: false, result: '', num_turns: 0, usage: {} };
const event = (members) => say({ type: 'stream_event', event: members, session_id: '', parent_tool_use_id: null, uuid: '' });

function begin() {
  event({
    type: 'message_start',
    message: { id: 'msg_stand_in', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 3, output_tokens: 1 } },
  });
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'As far as ' } });
}

/** Writes as fast as it is read, without end. */
function flood(chunk) {
  const more = () => { while (process.stdout.write(chunk)); };
  process.stdout.on('drain', more);
  more();
}

const BEHAVIOURS = {
  'hangs at once': () => {},
  'hangs in mid-stream': begin,
  'dies at once': () => { process.stderr.write('it ran out of luck\n'); process.exit(3); },
  'dies in mid-stream': () => { begin(); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50); },
  'floods one line': () => flood('x'.repeat(65536)),
  'floods lines': () => flood(`${JSON.stringify({ type: 'system', subtype: 'status', text: 'y'.repeat(900) })}\n`.repeat(64)),
  'floods its standard error': () => { const more = () => { while (process.stderr.write('z'.repeat(65536))); }; process.stderr.on('drain', more); more(); },
  'floods an event': () => { begin(); flood(`{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${'w'.repeat(65536)}`); },
  'writes a line that is no JSON, and hangs': () => { process.stdout.write('Segmentation fault\n'); },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const told = JSON.parse(line);
  if (told.type === 'control_request') say({ type: 'control_response', response: { subtype: 'success', request_id: told.request_id, response: {} } });
  else if (told.type === 'user' && told.shouldQuery === false) say(result);
  else if (told.type === 'user') BEHAVIOURS[behaviour]();
});
// A program that hangs does not end because nobody talks to it any more.
setInterval(() => {}, 1 << 30);
