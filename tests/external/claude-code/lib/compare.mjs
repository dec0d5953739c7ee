// What reached the API, held against what the client sent. All that the program adds by itself is known here by its form and taken away;
// anything else that is more, less or otherwise is a difference.
const IDENTITY = "You are a Claude agent, built on Anthropic's Claude Agent SDK.";
const ATTRIBUTION = /^x-anthropic-billing-header: cc_version=[\w.]+; cc_entrypoint=sdk-cli;$/;

const NOTES = {
  environment: /^# Environment\nYou have been invoked in the following environment: \n - Primary working directory: (.+)\n - Is a git repository: false\n/,
  model: /^You are powered by the model named /,
  date: /^Today's date is \d{4}-\d\d-\d\d\.$/,
};

const blocksOf = (content) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content);

/** Without the marks of the prompt cache: the program sets its own. */
const unmarked = (value) => JSON.parse(JSON.stringify(value, (key, v) => (key === 'cache_control' ? undefined : v)));

/** Turns: neighbours of one role are one turn to the API. A tool's result in words is a block of text to the API. */
function turnsOf(messages) {
  const turns = [];
  for (const { role, content } of unmarked(messages)) {
    if (turns.at(-1)?.role === role) turns.at(-1).content.push(...blocksOf(content));
    else turns.push({ role, content: [...blocksOf(content)] });
  }
  return turns;
}

const noteOf = (text) => {
  const bare = text.replace(/^<system-reminder>\n/, '').replace(/\n<\/system-reminder>\n?$/, '');
  return Object.entries(NOTES).find(([, form]) => form.test(bare))?.[0];
};

/** Takes the program's notes out of the messages, wherever it puts them for this model. Gives the names of what was taken, and the folder told of. */
function withoutNotes(messages) {
  const taken = [];
  let folder = null;
  const note = (text) => {
    const name = noteOf(text);
    if (!name) return false;
    taken.push(name);
    folder ??= NOTES.environment.exec(text.replace(/^<system-reminder>\n/, ''))?.[1] ?? null;
    return true;
  };
  const rest = [];
  for (const [i, message] of messages.entries()) {
    if (message.role === 'system') {
      if (!message.content.length && message.output_config) { taken.push('effort'); continue; }
      const texts = blocksOf(message.content).flatMap(({ text }) => text.split(/\n\n(?=<system-reminder>|You are powered by|Today's date is)/));
      if (i === messages.length - 1 && texts.every(note)) continue;
    }
    const last = i === messages.length - 1 && message.role === 'user';
    rest.push(last ? { ...message, content: withoutNoteBlocks(blocksOf(message.content), note) } : message);
  }
  return { rest, taken: taken.filter((name, i) => taken.indexOf(name) === i), folder };
}

/** The blocks without the notes: they are blocks of their own, or stand in a tool's result where that is the last block. */
function withoutNoteBlocks(blocks, note) {
  const rest = blocks.filter((block) => !(block.type === 'text' && /^<system-reminder>\n/.test(block.text) && note(block.text)));
  const last = rest.at(-1);
  if (last?.type !== 'tool_result') return rest;
  if (typeof last.content === 'string') {
    const [own, ...notes] = last.content.split(/\n\n(?=<system-reminder>\n)/);
    return notes.length && notes.every(note) ? [...rest.slice(0, -1), { ...last, content: own }] : rest;
  }
  const own = last.content.filter((block) => !(block.type === 'text' && /^<system-reminder>\n/.test(block.text) && note(block.text)));
  if (own.length === last.content.length) return rest;
  const [end] = own.slice(-1);
  // A line break is put between the result's last text and the notes.
  if (end?.type === 'text') own.splice(-1, 1, { ...end, text: end.text.replace(/\n$/, '') });
  return [...rest.slice(0, -1), { ...last, content: own }];
}

/** The first place where two values differ, or ''. */
export function difference(expected, actual, at = '') {
  const a = JSON.stringify(expected);
  const b = JSON.stringify(actual);
  if (a === b) return '';
  if (expected && actual && typeof expected === 'object' && typeof actual === 'object' && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = difference(expected[key], actual[key], `${at}.${key}`);
      if (found) return found;
    }
    return '';
  }
  const short = (text) => (text === undefined ? 'nothing' : text.length > 200 ? around(text, a === undefined || b === undefined ? 0 : firstUnequal(a, b)) : text);
  return `${at}: ${short(b)} instead of ${short(a)}`;
}

const firstUnequal = (a, b) => { let i = 0; while (a[i] === b[i]) i++; return i; };
const around = (text, i) => `…${text.slice(Math.max(0, i - 60), i + 100)}…`;

/**
 * What is wrong with a request that arrived, or ''.
 * @param {object} sent     the client's body
 * @param {object} arrived  the program's request: `json`, `headers`
 * @param {object} o        `folder`: the working folder that the program may tell the model of; `expected`: members that differ on purpose
 */
export function wrongIn(sent, arrived, { folder, expected = {} } = {}) {
  const body = arrived.json;
  const [attribution, identity, ...own] = body.system ?? [];
  if (!ATTRIBUTION.test(attribution?.text ?? '')) return `the attribution block is not the program's: ${JSON.stringify(attribution)}`;
  if (identity?.text !== IDENTITY) return `the identity block is not the program's: ${JSON.stringify(identity)}`;
  const prompt = typeof sent.system === 'string' ? sent.system : (sent.system ?? []).map((block) => block.text).join('\n\n');
  const system = difference(prompt ? [prompt] : [], own.map((block) => block.text), 'system');
  if (system) return system;

  const { rest, taken, folder: told } = withoutNotes(body.messages);
  if (['environment', 'model', 'date'].some((name) => !taken.includes(name))) return `the program's own notes are ${taken}: it has changed, and so must this suite`;
  if (folder && told !== folder) return `the model is told of the folder ${told} instead of ${folder}`;
  const messages = difference(turnsOf(expected.messages ?? sent.messages), turnsOf(rest), 'messages');
  if (messages) return messages;

  if (marks(body) > 4) return `${marks(body)} marks of the prompt cache`;
  for (const name of ['model', 'max_tokens', 'temperature', 'top_p', 'top_k', 'tool_choice']) {
    const wanted = name in expected ? expected[name] : sent[name];
    if (name === 'temperature' && wanted === undefined) continue;
    const wrong = difference(wanted, body[name], name);
    if (wrong) return wrong;
  }
  const stops = difference(sent.stop_sequences ?? [], body.stop_sequences ?? [], 'stop_sequences');
  if (stops) return stops;
  const tools = difference(toolsOf(sent.tools), toolsOf(body.tools), 'tools');
  if (tools) return tools;
  if (sent.thinking && sent.thinking.type !== body.thinking?.type && !('thinking' in expected)) return `thinking: ${JSON.stringify(body.thinking)} instead of ${JSON.stringify(sent.thinking)}`;
  if (sent.thinking?.budget_tokens && body.thinking.budget_tokens !== sent.thinking.budget_tokens) return `thinking.budget_tokens: ${body.thinking.budget_tokens} instead of ${sent.thinking.budget_tokens}`;
  if (sent.output_config?.effort && body.output_config?.effort !== sent.output_config.effort) return `effort: ${body.output_config?.effort} instead of ${sent.output_config.effort}`;
  return '';
}

/** The program sorts them by name. */
const toolsOf = (tools) => (tools ?? []).map(({ name, description, input_schema: schema }) => ({ name, description, schema })).sort((a, b) => (a.name < b.name ? -1 : 1));
const marks = (body) => JSON.stringify(body).split('"cache_control":').length - 1;

/** The client's name in the program's own user agent. */
export const clientAppOf = (arrived) => /client-app\/([^,)]+)/.exec(arrived.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '')?.[1];
