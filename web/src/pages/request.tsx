import { segment } from '../api/client.ts';
import type { RequestDetail } from '../api/contract.ts';
import { bytes } from '../lib/numbers.ts';
import { href } from '../lib/route.ts';
import { inFull } from '../lib/time.ts';
import { isBreak, sentence } from '../lib/strip.ts';
import { Copy, Failure, KINDS_OF_REQUEST, Money, Status, Title, Waiting, modelName, outcomeText } from '../parts/basics.tsx';
import { Diff, HeadTable, UsageTable, Waterfall } from '../parts/detail.tsx';
import { useResource } from '../parts/resource.ts';
import { Bar, Legend } from '../parts/strip.tsx';

export function RequestPage({ id }: { id: string }) {
  const { data, error, reload } = useResource<RequestDetail>(`requests/${segment(id)}`);
  const back = { href: href('requests'), text: 'Requests' };
  if (!data) return <><Title back={back}>Request</Title><Failure error={error} retry={reload} />{!error && <section class="card"><Waiting rows={10} /></section>}</>;

  const { row } = data;
  const facts: [string, preact.ComponentChildren][] = [
    ['Kind', KINDS_OF_REQUEST[row.kind] + (row.stream ? ', streamed' : '')],
    ['Outcome', <><Status row={row} /> {outcomeText(row.outcome)}{row.errorType && <>: <code>{row.errorType}</code></>}</>],
    ['Stop reason', row.stopReason],
    ['Client', row.client],
    ['Gateway key', row.key],
    ['Preset', row.preset && <a href={href('settings', 'presets', row.preset)}>{row.preset}</a>],
    ['Conversation', row.conversation && <a href={href('conversations', row.conversation)}>{row.title ?? row.conversation.slice(0, 12)}{row.turn && `, turn ${row.turn.number}`}</a>],
    ['Upstream', row.upstream && `${row.upstream}${row.platform && row.platform !== row.upstream ? ` (${row.platform})` : ''}`],
    ['Retries', row.retries > 0 ? row.retries : null],
    ['Size', `${bytes(row.requestBytes)} sent, ${bytes(row.responseBytes)} received`],
    ['Id', <><code class="wrap">{row.id}</code> <Copy text={row.id} label="the id" /></>],
    ['Provider’s id', row.providerId && <><code class="wrap">{row.providerId}</code> <Copy text={row.providerId} label="the provider’s id" /></>],
  ];
  return (
    <>
      <Title back={back}>{modelName(row.model)} <span class="dim title-second">{row.usage && <Money of={row.cost?.total ?? null} />}</span></Title>
      <p class="dim under-title"><time dateTime={row.at}>{inFull(row.at)}</time></p>
      <div class="halves">
        <section class="card">
          <h2>What it was</h2>
          <dl class="pairs">{facts.filter(([, value]) => value !== null && value !== '' && value !== undefined).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        </section>
        <section class="card"><h2>Cost</h2><UsageTable usage={row.usage} cost={row.cost} /></section>
      </div>
      <section class="card"><h2>Time</h2><Waterfall times={row.times} /></section>
      {row.turn && row.turn.strip.length > 0 && (
        <section class="card">
          <div class="card-head"><h2>Prompt cache</h2><span class="dim">turn {row.turn.number}, level {row.turn.level}</span></div>
          <Bar runs={row.turn.strip} />
          <Legend runs={row.turn.strip} />
          <p>{isBreak(row.turn.cause) ? <strong>{sentence(row.turn.causeText)}</strong> : sentence(row.turn.causeText)}{row.turn.brokenCost > 0 && <> It cost <Money of={row.turn.brokenCost} />.</>}</p>
        </section>
      )}
      <section class="card">
        <div class="card-head"><h2>Edits</h2>{row.edits && <code class="wrap dim">{row.edits}</code>}</div>
        {!row.edits && !data.edits?.length ? <p class="dim">None: the request went on byte for byte.</p>
          : data.edits === null ? <p class="dim">Gone: what was changed is kept in memory for the latest requests only.</p>
          : data.edits.map((edit) => <div key={edit.name} class="edit"><h3>{edit.name}</h3><Diff lines={edit.diff} label={`What ${edit.name} changed`} /></div>)}
      </section>
      <div class="halves">
        <HeadTable head={data.request} title="Request headers" />
        <HeadTable head={data.response} title="Response headers" />
      </div>
      {data.bodies && (
        <section class="card">
          <h2>Bodies</h2>
          <Body title="as the client sent it" text={data.bodies.before} />
          <Body title="as it went up" text={data.bodies.after} />
          <Body title="the answer" text={data.bodies.answer} />
        </section>
      )}
    </>
  );
}

const Body = ({ title, text }: { title: string; text: string }) => (
  <details class="body-text"><summary>{title} <span class="dim">{bytes(new TextEncoder().encode(text).length)}</span></summary><Copy text={text} label={`the body ${title}`} /><pre tabIndex={0} aria-label={`Body ${title}`}>{text}</pre></details>
);
