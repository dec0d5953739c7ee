// What a client sends arrives at the API as it was sent, but for what the program adds, and all of that is known.
import { clientAppOf, difference, wrongIn } from './lib/compare.mjs';
import { SHAPES } from './lib/shapes.mjs';
import { CLIENT_KEY, editsOf, readStream } from './lib/scene.mjs';

/** Sends one request and gives the answer with all that reached the API meanwhile. */
export async function exchange(scene, api, body, options) {
  const from = api.messages.length;
  const response = await scene.post(body, options);
  const answer = /event-stream/.test(response.headers.get('content-type') ?? '')
    ? await readStream(response) : { json: await response.json().catch(() => null), end: 'complete' };
  return { response, ...answer, edits: editsOf(response), arrived: api.messages.slice(from) };
}

/** What is changed about a request without a loss of words, and is said in x-tuppence-edits. */
function editOf({ model, system, messages, tools, thinking }) {
  const joined = messages.filter((message, i) => message.role === 'user' && messages[i - 1]?.role === 'user').length;
  const names = tools?.map((tool) => tool.name) ?? [];
  return [
    Array.isArray(system) && system.length > 1 ? `joined ${system.length} system blocks` : '',
    joined ? `${joined} user turn${joined > 1 ? 's' : ''} joined to the one before` : '',
    names.join() !== [...names].sort().join() ? 'tools sorted by name' : '',
    !thinking && /-5-5$/.test(model) ? 'thinking is summarized' : '',
  ].filter(Boolean).join(', ');
}

const ended = (answer) => (answer.json ? answer.json.stop_reason : answer.events?.at(-1)?.type);

export async function shapes({ book, scene, api }) {
  let folder = null;
  for (const [name, body] of Object.entries(SHAPES)) {
    await book.case(`shape/${name}`, async () => {
      const { response, arrived, edits, ...answer } = await exchange(scene, api, body);
      if (response.status !== 200) return `${response.status} ${JSON.stringify(answer.json ?? answer.events)}`;
      if (!ended(answer)) return `the answer does not end: ${JSON.stringify(answer).slice(0, 300)}`;
      if (arrived.length !== 1) return `${arrived.length} requests at the API`;
      folder ??= /Primary working directory: (.+)\\n - Is/.exec(arrived[0].body.toString())?.[1];
      const told = difference(editOf(body), Object.values(edits).join(', '), 'x-tuppence-edits');
      return told || wrongIn(body, arrived[0], { folder });
    });
  }
  await book.case('shape/the program names Tuppence as what runs it, and shows the client\'s key to nobody', () => {
    const wrong = api.messages.find((request) => !/^tuppence\/\d/i.test(clientAppOf(request) ?? '') || request.headers.some(([, value]) => value.includes(CLIENT_KEY)));
    return wrong ? JSON.stringify(wrong.headers) : '';
  });
  await book.case('shape/the folder that the model is told of says nothing of the user', () => (
    !folder ? 'no folder was told' : folder.includes(scene.home) || folder.startsWith(process.env.HOME) ? folder : ''));
}
