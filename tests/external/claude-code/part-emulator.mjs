// The same with Tuppence's own emulator as the API, which checks requests by the API's rules.
import { startEmulator } from '../lib/gateway.mjs';
import { wrongIn } from './lib/compare.mjs';
import { readStream, startScene } from './lib/scene.mjs';
import { SHAPES } from './lib/shapes.mjs';

const CHOSEN = /^(sillytavern\/(greeting|two user|group|60 messages)|tools\/(parallel|two)|thinking\/signed|documents\/PDF|images\/newer)/;

export async function emulated({ book, binary, dir }) {
  const emulator = await startEmulator({ binary, dir: `${dir}-emulator` });
  const requests = async () => {
    const list = await (await fetch(`${emulator.url}/emulator/requests`)).json();
    return (list.requests ?? list).filter((one) => one.target.startsWith('/v1/messages'));
  };
  const scene = await startScene({ binary, dir, baseUrl: emulator.url });
  try {
    for (const [name, body] of Object.entries(SHAPES).filter(([id]) => CHOSEN.test(id))) {
      await book.case(`emulator/${name}`, async () => {
        await fetch(`${emulator.url}/emulator/requests`, { method: 'DELETE' });
        const response = await scene.post(body);
        const { events } = await readStream(response);
        if (response.status !== 200 || events.at(-1)?.type !== 'message_stop') return `${response.status} ${JSON.stringify(events.slice(-2))}`;
        const arrived = await requests();
        // By the model table Sonnet 5 takes no system message amid the others; the program tries one, is refused, and does without.
        const refused = arrived.slice(0, -1);
        if (refused.length > (body.model === 'claude-sonnet-5' ? 1 : 0) || refused.some((one) => one.status !== 400)) return `${arrived.length} requests: ${arrived.map((one) => one.status)}`;
        const last = arrived.at(-1);
        return last.status === 200 ? wrongIn(body, { json: last.body, headers: [] }) : `${last.status}`;
      });
    }
    await book.case('emulator/the bill is that of the answers', async () => {
      const bill = await (await fetch(`${emulator.url}/emulator/bill`)).text();
      return /claude-opus-5-5/.test(bill) && /claude-sonnet-4-5/.test(bill) ? '' : bill.slice(0, 300);
    });
  } finally {
    await scene.stop();
    await emulator.stop();
  }
}
