import { useState } from 'preact/hooks';
import { put, segment } from '../api/client.ts';
import type { ConversationDetail } from '../api/contract.ts';
import { ended } from '../api/live.ts';
import { brief, many, percent } from '../lib/numbers.ts';
import { Empty, Failure, Money, Notice, Title, Waiting, When, modelName } from '../parts/basics.tsx';
import { useAction, useResource, useThrottled } from '../parts/resource.ts';
import { Strip } from '../parts/strip.tsx';
import { sentence } from '../lib/strip.ts';
import { href } from '../lib/route.ts';
import { titleOf } from './conversations.tsx';

export function ConversationPage({ id }: { id: string }) {
  const path = `conversations/${segment(id)}`;
  const { data, error, reload, set } = useResource<ConversationDetail>(path);
  const mine = ended.value.find((row) => row.conversation === id);
  useThrottled(mine?.id, reload, 700);
  // What was clicked shows at once, and goes back if the gateway refuses it.
  const [wanted, setWanted] = useState<string | null | undefined>(undefined);
  const level = useAction(async (name: string | null) => {
    setWanted(name);
    try {
      await choose(name);
    } finally {
      setWanted(undefined);
    }
  });
  const choose = async (name: string | null) => {
    const answer = await put<ConversationDetail | undefined>(`${path}/level`, { level: name });
    if (answer?.conversation) set(answer);
    else reload();
  };

  const back = { href: href('conversations'), text: 'Conversations' };
  if (!data) return <><Title back={back}>Conversation</Title><Failure error={error} retry={reload} />{!error && <section class="card"><Waiting rows={12} /></section>}</>;

  const { conversation, turns } = data;
  const { sum } = conversation;
  const prompt = sum.input + sum.cacheRead + sum.cacheWrite5m + sum.cacheWrite1h;
  const saved = sum.withoutCaching - sum.cost;
  const planned = turns.filter((row) => row.turn !== null && row.turn.strip.length > 0);
  return (
    <>
      <Title back={back}>{titleOf(conversation)}</Title>
      <p class="dim under-title">{[modelName(conversation.model), conversation.client].filter(Boolean).join(' · ')} · since <When at={conversation.since} />, latest <When at={conversation.latest} /></p>
      <Failure error={error} retry={reload} />
      <dl class="facts">
        <div><dt>Cost</dt><dd><Money of={sum.cost} /></dd></div>
        <div><dt>{saved >= 0 ? 'Saved' : 'Caching cost'}</dt><dd class={saved < 0 ? 'bad-text' : 'good-text'}><Money of={Math.abs(saved)} /> <span class="dim">{percent(Math.abs(saved), sum.withoutCaching)}</span></dd></div>
        <div><dt>Best possible</dt><dd><Money of={sum.bound} /></dd></div>
        <div><dt>Read from cache</dt><dd>{percent(sum.cacheRead, prompt)}</dd></div>
        <div><dt>Requests</dt><dd>{sum.requests}</dd></div>
        <div><dt>Tokens</dt><dd>{brief(prompt)} in, {brief(sum.output)} out</dd></div>
      </dl>

      {data.advice.length > 0 && (
        <section class="card advice-card" aria-label="Advice">
          <ul class="plain-list">
            {data.advice.map((one, i) => (
              <li key={i} class="advice">
                <p>{one.text}</p>
                {one.level !== null && one.level !== data.level && <button type="button" class="primary small" disabled={level.busy} onClick={() => { void level.run(one.level); }}>Try {one.level} here</button>}
              </li>
            ))}
          </ul>
        </section>
      )}

      <section class="card">
        <h2>Turn by turn</h2>
        {planned.length === 0 ? (
          <Empty title="No turn of this conversation was planned."><p>The picture needs answers that tell their usage, and <code>cache.level</code> other than <code>off</code>.</p></Empty>
        ) : <Strip turns={planned} />}
      </section>

      {data.levels.length > 0 && (
        <section class="card">
          <h2>Try another level</h2>
          <Levels detail={data} level={wanted === undefined ? data.level : wanted} busy={level.busy} choose={(name) => { void level.run(name); }} />
          <Failure error={level.error} />
        </section>
      )}

      {data.causes.some((one) => one.cost > 0 || one.tokens > 0) && (
        <section class="card table-card">
          <h2>What broke the prompt, in all</h2>
          <table class="rows cards">
            <thead><tr><th scope="col">Cause</th><th scope="col" class="right">Turns</th><th scope="col" class="right">Tokens paid again</th><th scope="col" class="right">Cost</th></tr></thead>
            <tbody>
              {data.causes.filter((one) => one.turns > 0 && one.cause !== 'nothing' && one.cause !== 'first').map((one) => (
                <tr key={one.cause}><th scope="row">{sentence(one.text)}</th><td class="right" data-label="Turns">{one.turns}</td><td class="right" data-label="Tokens paid again">{brief(one.tokens)}</td><td class="right" data-label="Cost"><Money of={one.cost} /></td></tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p><a href={`${href('requests')}?conversation=${encodeURIComponent(id)}`}>All {many(sum.requests, 'request')} of this conversation</a></p>
    </>
  );
}

function Levels({ detail, level, busy, choose }: { detail: ConversationDetail; level: string | null; busy: boolean; choose: (name: string | null) => void }) {
  if (detail.levels.length === 0) return null;
  const now = detail.turns.at(-1)?.turn?.level ?? null;
  return (
    <fieldset class="levels" aria-busy={busy}>
      <legend>For this conversation only. What it would save is estimated from its own turns.</legend>
      <label class={`level${level === null ? ' chosen' : ''}`}>
        <input type="radio" name="level" checked={level === null} onChange={() => choose(null)} />
        <span class="level-name">as configured</span><span class="dim level-text">{level === null && now ? `now ${now}` : 'header, preset, upstream and settings decide'}</span><span />
      </label>
      {detail.levels.map((one) => (
        <label key={one.name} class={`level${level === one.name ? ' chosen' : ''}`}>
          <input type="radio" name="level" checked={level === one.name} onChange={() => choose(one.name)} />
          <span class="level-name">{one.name}</span><span class="dim level-text">{one.text}</span>
          <span class="level-saving">{one.savingPer100 === null ? <span class="dim">cannot be told</span> : one.savingPer100 === 0 ? <span class="dim">no change</span> : one.savingPer100 > 0 ? <span class="good-text">saves <Money of={one.savingPer100} /> per 100</span> : <span class="bad-text">costs <Money of={-one.savingPer100} /> more per 100</span>}</span>
        </label>
      ))}
      {level !== null && <Notice>From the next request on, this conversation is planned at {level}, until Tuppence is restarted.</Notice>}
    </fieldset>
  );
}
