import { useEffect, useState } from 'preact/hooks';
import { get, session, withQuery } from '../api/client.ts';
import type { Conversation } from '../api/contract.ts';
import { ended } from '../api/live.ts';
import { brief, many, percent } from '../lib/numbers.ts';
import { href, route, setQuery } from '../lib/route.ts';
import { Empty, Failure, Money, Title, Waiting, When, modelName } from '../parts/basics.tsx';
import { useAction, useResource, useThrottled } from '../parts/resource.ts';

const LIMIT = 50;
interface List { conversations: Conversation[] }

/** What stands for a conversation whose first words are not kept. */
export const titleOf = (one: Conversation): string => one.title ?? `Conversation ${one.id.slice(0, 8)}`;

export function Conversations() {
  const q = route.value.query.get('q') ?? '';
  const { data, error, reload } = useResource<List>(withQuery('conversations', { limit: LIMIT, q }));
  const [older, setOlder] = useState<Conversation[]>([]);
  const [end, setEnd] = useState(false);
  useThrottled(ended.value, reload, 1500);
  useEffect(() => { setOlder([]); setEnd(false); }, [q]);

  const first = data?.conversations ?? [];
  const known = new Set(first.map((one) => one.id));
  const all = [...first, ...older.filter((one) => !known.has(one.id))];
  const more = useAction(async () => {
    const page = await get<List>(withQuery('conversations', { limit: LIMIT, q, before: all.at(-1)?.latest }));
    if (page.conversations.length < LIMIT) setEnd(true);
    setOlder([...older, ...page.conversations]);
  });

  return (
    <>
      <Title actions={<Search value={q} label="Search conversations" />}>Conversations</Title>
      <Failure error={error} retry={reload} />
      {!data && !error && <section class="card"><Waiting rows={8} /></section>}
      {data && all.length === 0 && (
        <section class="card">
          {q ? <Empty title={`No conversation has “${q}”.`}><p><button type="button" class="link" onClick={() => setQuery({ q: null })}>Show all</button></p></Empty> : (
            <Empty title="No conversation yet.">
              <p>Requests with the same beginning belong together: a chat of forty messages is one conversation here. Send two messages in your front end, or in the <a href={href('playground')}>playground</a>, and it appears.</p>
            </Empty>
          )}
        </section>
      )}
      {all.length > 0 && (
        <section class="card table-card">
          <table class="rows cards">
            <thead><tr><th scope="col">Conversation</th><th scope="col" class="right">Requests</th><th scope="col">Read from cache</th><th scope="col" class="right">Cost</th><th scope="col" class="right">Saved</th><th scope="col" class="right">Latest</th></tr></thead>
            <tbody>{all.map((one) => <Line key={one.id} one={one} />)}</tbody>
          </table>
          {!end && all.length >= LIMIT && <p class="more"><button type="button" disabled={more.busy} onClick={() => { void more.run(); }}>{more.busy ? 'Loading …' : 'Show older ones'}</button></p>}
          <Failure error={more.error} />
        </section>
      )}
      {session.value && !session.value.content && all.length > 0 && <p class="dim small-text">Titles are not kept. To see the first words of each chat here, allow content in the <a href={href('settings', 'all')}>settings</a>.</p>}
    </>
  );
}

function Line({ one }: { one: Conversation }) {
  const { sum } = one;
  const prompt = sum.input + sum.cacheRead + sum.cacheWrite5m + sum.cacheWrite1h;
  const saved = sum.withoutCaching - sum.cost;
  return (
    <tr>
      <th scope="row"><a href={href('conversations', one.id)} class="strong-link">{titleOf(one)}</a><span class="dim second">{[modelName(one.model), one.client].filter(Boolean).join(' · ')}</span></th>
      <td class="right" data-label="Requests">{sum.requests}</td>
      <td data-label="Read from cache">
        <span class="share" title={`${brief(sum.cacheRead)} of ${many(prompt, 'token')}`}><span class="share-lane" aria-hidden="true"><span class="share-read" style={{ width: `${prompt ? (sum.cacheRead / prompt) * 100 : 0}%` }} /></span>{percent(sum.cacheRead, prompt)}</span>
      </td>
      <td class="right" data-label="Cost"><Money of={sum.cost} /></td>
      <td class="right" data-label="Saved"><span class={saved < 0 ? 'bad-text' : ''}><Money of={saved} /></span></td>
      <td class="right" data-label="Latest"><When at={one.latest} relative /></td>
    </tr>
  );
}

/** A search box that waits until typing rests. */
export function Search({ value, label }: { value: string; label: string }) {
  const [text, setText] = useState(value);
  useEffect(() => { setText(value); }, [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => setQuery({ q: text.trim() || null }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return <input type="search" class="search" aria-label={label} placeholder={label} value={text} onInput={(e) => setText(e.currentTarget.value)} />;
}
