// A chat as SillyTavern sends it: one block a prompt-manager entry, the greeting first, lore that comes up by its words.
const MODEL = 'claude-sonnet-5';
const PAUSE_MS = 1_100;
const WORDS = 'the old road runs along the river past willows and stones where a ferry once crossed and people of the valley still tell what they saw there'.split(' ');
/** Text of about `tokens` tokens, the same each time. */
const prose = (tokens, seed) => Array.from({ length: Math.ceil(tokens * 0.75) }, (_, i) => WORDS[(i * 7 + seed * 13 + (i >> 3)) % WORDS.length]).join(' ');

const MAIN = `You are the narrator of a quiet adventure. ${prose(2200, 1)}`;
const LORE = [`The storm of last year felled the great oak. ${prose(90, 2)}`, `The mill has been empty since the miller left. ${prose(90, 3)}`];
const CARD = `Ada is a cartographer who walks more than she talks. ${prose(2600, 4)}`;
const GREETING = `Ada looks up from her map. ${prose(60, 5)}`;
const LINES = ['I follow the path down to the old mill. What do I find there?', 'We share some bread. Who else lives in this forest?', 'I ask about the miller again.', 'Let us walk on. What is the weather like?'];
/** In these turns another lore entry stands before the card. */
export const LORE_TURNS = [12, 25, 26, 34];

const block = (text) => ({ type: 'text', text });

/** One request's body, with all turns so far. */
export function bodyOf(turn, history) {
  const lore = LORE_TURNS.includes(turn) ? LORE.join('\n') : LORE[0];
  return {
    system: [block(MAIN), block(lore), block(CARD), block('[Start a new Chat]')],
    messages: [{ role: 'assistant', content: [block(GREETING)] }, ...history],
    model: MODEL,
    max_tokens: 400,
    stop_sequences: [],
    stream: true,
  };
}

/** Sends a body as SillyTavern's server does; gives the status, the headers and the text of the stream. */
export async function send(url, body, headers = {}) {
  const answer = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'anything', 'user-agent': 'node-fetch', ...headers },
    body: JSON.stringify(body),
  });
  const raw = await answer.text();
  const text = [...raw.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data)).filter((e) => e.type === 'content_block_delta').map((e) => e.delta.text ?? '').join('');
  return { status: answer.status, headers: answer.headers, raw, text };
}

/** Plays a whole chat, with a person's pause before each turn: what is written to the cache cannot be read in the same moment. */
export async function chat(url, turns, headers = {}) {
  const history = [];
  for (let turn = 1; turn <= turns; turn++) {
    await new Promise((r) => setTimeout(r, PAUSE_MS));
    history.push({ role: 'user', content: [block(`${LINES[(turn - 1) % LINES.length]} (${turn})`)] });
    const answer = await send(url, bodyOf(turn, history), headers);
    if (answer.status !== 200) throw new Error(`turn ${turn} got ${answer.status}: ${answer.raw.slice(0, 300)}`);
    history.push({ role: 'assistant', content: [block(answer.text.trimEnd() || '…')] });
  }
}
