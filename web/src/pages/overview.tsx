import { useState } from 'preact/hooks';
import { session, withQuery } from '../api/client.ts';
import type { BudgetState, Open, Overview as Data, Row, Sum } from '../api/contract.ts';
import { budgets as liveBudgets, ended, open } from '../api/live.ts';
import { brief, bytes, many, percent } from '../lib/numbers.ts';
import { exact } from '../lib/money.ts';
import { href } from '../lib/route.ts';
import { filled } from '../lib/slots.ts';
import { resets } from '../lib/time.ts';
import { Empty, Failure, KINDS_OF_REQUEST, Money, Notice, Paste, Status, Title, Waiting, When, modelName } from '../parts/basics.tsx';
import { Chart } from '../parts/chart.tsx';
import { useResource, useThrottled } from '../parts/resource.ts';
import { UpstreamTag } from './connect.tsx';

type Range = 'day' | 'week' | 'month';
const RANGES: [Range, string][] = [['day', 'Day'], ['week', 'Week'], ['month', 'Month']];
const SHOWN = 8;
/** Hours of a day, days of a week and of a month, as the gateway tells them. */
const SLOTS: Record<Range, number> = { day: 24, week: 7, month: 30 };

export function Overview() {
  const [range, setRange] = useState<Range>('day');
  const { data, error, reload } = useResource<Data>(withQuery('overview', { range }));
  // The gateway waits for the rows of what ended before it adds up.
  useThrottled(ended.value, reload, 700);
  const state = session.value;

  return (
    <>
      <Title>Overview</Title>
      <Failure error={error} retry={reload} />
      {data?.notice && <Notice>{data.notice}</Notice>}
      {state && !state.ledger && <Notice>The ledger is off: figures begin at the start of Tuppence and are gone with it. <a href={href('settings', 'all')}>Turn it on</a></Notice>}
      <div class="sums">
        {([['Today', data?.today], ['This week', data?.week], ['This month', data?.month]] as const).map(([name, sum]) => <SumCard key={name} name={name} sum={sum ?? null} />)}
      </div>
      <Budgets list={liveBudgets.value ?? data?.budgets ?? []} />
      <div class="split">
        <div>
          <LiveCard />
          <section class="card">
            <div class="card-head">
              <h2>Spend</h2>
              <div class="segments" role="group" aria-label="Range of the chart">
                {RANGES.map(([name, text]) => <button key={name} type="button" aria-pressed={range === name} onClick={() => setRange(name)}>{text}</button>)}
              </div>
            </div>
            {!data ? <div class="chart-frame" /> : data.chart.sums.some((sum) => sum.requests > 0) ? <Chart by={data.chart.by} sums={filled(data.chart.sums, data.chart.by, SLOTS[range])} /> : <Empty title="Nothing was spent in this time." />}
          </section>
        </div>
        <div>
          {data ? <ConnectCard connect={data.connect} /> : <section class="card"><h2>Paste into SillyTavern</h2><Waiting rows={3} /></section>}
          <section class="card">
            <div class="card-head"><h2>Upstreams</h2><a href={href('connect')}>Connect</a></div>
            {!data ? <Waiting rows={2} /> : (
              <ul class="plain-list">
                {data.upstreams.map((one) => (
                  <li key={one.name} class="upstream-line">
                    <span><strong>{one.name}</strong> <span class="dim">{one.kind}</span></span><UpstreamTag state={one.state} />
                    {one.lastError && one.state !== 'connected' && <p class="dim small-text">{one.lastError}</p>}
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      </div>
    </>
  );
}

/** Spent, and beside what it would have been: without caching above, the bound below. */
function SumCard({ name, sum }: { name: string; sum: Sum | null }) {
  const saved = sum ? sum.withoutCaching - sum.cost : 0;
  const most = sum ? Math.max(sum.withoutCaching, sum.cost, 1) : 1;
  return (
    <section class="card sum-card" aria-label={name} title="Days, weeks (from Monday) and months are those of UTC.">
      <h2>{name}</h2>
      <p class="sum-cost">{sum ? <Money of={sum.cost} /> : <span class="dim">–</span>}</p>
      <div class="sum-bar" aria-hidden="true">
        {sum && sum.cost > 0 && <><span class="sum-spent" style={{ width: `${(sum.cost / most) * 100}%` }} />{sum.bound > 0 && <span class="sum-bound" style={{ left: `${Math.min(100, (sum.bound / most) * 100)}%` }} />}</>}
      </div>
      <p class="sum-text">
        {!sum || sum.requests === 0 ? <span class="dim">no request yet</span> : (
          <>
            <span>{many(sum.requests, 'request')}{sum.failed > 0 && <>, <a href={`${href('requests')}?failed=true`}>{sum.failed} failed</a></>}</span>
            <span class={saved < 0 ? 'bad-text' : saved > 0 ? 'good-text' : 'dim'} title={`Without caching: ${exact(sum.withoutCaching)}`}>
              {saved >= 0 ? <>saved <Money of={saved} /> ({percent(saved, sum.withoutCaching)})</> : <>caching cost <Money of={-saved} /> more</>}
            </span>
            <span class="dim" title={`Lower bound: ${exact(sum.bound)}. No placement of breakpoints could have cost less.`}>best possible <Money of={sum.bound} /></span>
            {sum.unpriced > 0 && <span class="dim">{many(sum.unpriced, 'request')} of a model without a known price: not in the sums</span>}
          </>
        )}
      </p>
    </section>
  );
}

function Budgets({ list }: { list: readonly BudgetState[] }) {
  if (list.length === 0) return null;
  return (
    <section class="card">
      <div class="card-head"><h2>Budgets</h2><a href={href('settings', 'budgets')}>Change</a></div>
      <ul class="plain-list budgets">{list.map((one) => <BudgetLine key={`${one.name}${one.period}`} of={one} />)}</ul>
    </section>
  );
}

const BUDGET_WORDS = { within: 'within', soft: 'over the soft limit', hard: 'used up: requests get 429' } as const;

export function BudgetLine({ of: one }: { of: BudgetState }) {
  const limit = one.hard ?? one.soft ?? 0;
  const most = Math.max(limit, one.spent + one.reserved, 1);
  return (
    <li class="budget">
      <span><strong>{one.name}</strong> <span class="dim">a {one.period}</span></span>
      <span class="budget-numbers"><Money of={one.spent} /> of <Money of={limit} />{one.reserved > 0 && <span class="dim"> + <Money of={one.reserved} /> under way</span>}</span>
      <span class={`tag ${one.state === 'within' ? 'good' : one.state === 'soft' ? 'warn' : 'bad'}`}>{one.state === 'hard' && <span aria-hidden="true">✕ </span>}{BUDGET_WORDS[one.state]}</span>
      <div class={`meter ${one.state}`} role="img" aria-label={`${percent(one.spent, limit)} of the ${one.hard !== null ? 'hard' : 'soft'} limit is spent`}>
        <span class="meter-spent" style={{ width: `${(one.spent / most) * 100}%` }} />
        <span class="meter-reserved" style={{ width: `${(one.reserved / most) * 100}%` }} />
        {one.soft !== null && one.hard !== null && <span class="meter-soft" style={{ left: `${(one.soft / most) * 100}%` }} />}
      </div>
      <span class="dim small-text">resets {resets(one.resets)}</span>
    </li>
  );
}

function LiveCard() {
  const now = open.value;
  const { data: before } = useResource<{ rows: Row[] }>(withQuery('requests', { limit: SHOWN }));
  const seen = new Set(ended.value.map((row) => row.id));
  const past = [...ended.value, ...(before?.rows ?? []).filter((row) => !seen.has(row.id))].slice(0, Math.max(0, SHOWN - now.length));
  return (
    <section class="card live-card">
      <div class="card-head"><h2>Live</h2><span class="dim" role="status">{now.length > 0 ? `${many(now.length, 'request')} under way` : ''}</span><a href={href('requests')}>All requests</a></div>
      {now.length + past.length === 0 ? before === null ? <Waiting rows={3} /> : (
        <Empty title="Waiting for the first request.">
          <p>Connect a front end with the address on this page, or try a message in the <a href={href('playground')}>playground</a>. It appears here as it streams.</p>
        </Empty>
      ) : (
        <ul class="live-list">
          {[...now].reverse().map((one) => <OpenLine key={one.id} one={one} />)}
          {past.map((row) => (
            <li key={row.id} class="live-line">
              <a href={href('requests', row.id)} class="live-main"><span class="live-model">{modelName(row.model)}</span> <span class="dim">{[row.preset, row.kind === 'message' ? null : KINDS_OF_REQUEST[row.kind], row.client].filter(Boolean).join(' · ')}</span></a>
              <span class="live-numbers">{row.usage && <span class="dim">{brief(row.usage.input + row.usage.cacheRead + row.usage.cacheWrite1h + row.usage.cacheWrite5m)} → {brief(row.usage.output)}</span>}</span>
              <span class="right"><Status row={row} /></span>
              <span class="right live-cost">{row.usage ? <Money of={row.cost?.total ?? null} /> : <span class="dim">–</span>}</span>
              <span class="right dim live-when"><When at={row.at} /></span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function OpenLine({ one }: { one: Open }) {
  return (
    <li class="live-line open" data-id={one.id}>
      <span class="live-main"><span class="pulse" aria-hidden="true" /><span class="live-model">{modelName(one.model)}</span> <span class="dim">{[one.preset, one.kind === 'message' ? null : KINDS_OF_REQUEST[one.kind], one.client].filter(Boolean).join(' · ')}</span></span>
      <span class="live-numbers dim">{one.answering ? one.output > 0 ? `${brief(one.output)} tokens` : bytes(one.responseBytes) : ''}</span>
      <span class="right"><span class="tag live">{one.answering ? 'answering' : 'waiting'}</span></span>
      <span class="right live-cost" />
      <span class="right dim live-when"><When at={one.at} /></span>
    </li>
  );
}

/** Where any word does, a word to copy; where a key is wanted, only that: the page does not know it. */
function Password({ text }: { text: string }) {
  const [, word, remark] = /^(\S+)(?: \((.+)\))?$/.exec(text) ?? [];
  if (!word) return <p class="paste"><span class="paste-label">Proxy Password</span>{text}</p>;
  return <><Paste label="Proxy Password" value={word} />{remark && <p class="dim small-text">{remark}</p>}</>;
}

function ConnectCard({ connect }: { connect: Data['connect'] }) {
  return (
    <section class="card">
      <div class="card-head"><h2>Paste into SillyTavern</h2><a href="/docs/sillytavern.md">Guide</a></div>
      <p class="dim small-text">API Connections → Chat Completion → Claude → Reverse Proxy</p>
      <Paste label="Proxy Server URL" value={connect.url} />
      <Password text={connect.password} />
      <details>
        <summary>SDKs and presets</summary>
        <Paste label="Base URL of the SDKs" value={connect.sdkUrl} />
        {connect.presets.map((one) => <Paste key={one.name} label={`Preset ${one.name}`} value={one.url} />)}
      </details>
    </section>
  );
}
