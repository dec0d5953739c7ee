// The strip of a conversation: a line for each turn, the prompt from left to right, by what became of each part.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Row, Run, RunKind } from '../api/contract.ts';
import { KINDS, WORDS, breakAt, inWords, isBreak, layout, scaleOf, sentence, tokensOf, totals } from '../lib/strip.ts';
import { brief, count, many, percent } from '../lib/numbers.ts';
import { placesFor } from '../lib/money.ts';
import { href } from '../lib/route.ts';
import { Money, When, modelName } from './basics.tsx';

/** Runs as one bar. `scale`: tokens of the full width. */
export function Bar({ runs, scale, thin = false }: { runs: readonly Run[]; scale?: number; thin?: boolean }) {
  const whole = scale ?? tokensOf(runs);
  const segments = layout(runs, whole);
  return (
    <div class={`bar${thin ? ' thin' : ''}`} role="img" aria-label={`Prompt: ${inWords(runs)}.`}>
      {segments.map((one, i) => (
        <span key={i} class={`run ${one.kind}${one.kind === 'missed' && segments[i - 1]?.kind !== 'missed' ? ' breaks' : ''}`} style={{ left: `${one.start * 100}%`, width: `${one.width * 100}%` }} title={`${count(one.tokens)} tokens ${WORDS[one.kind].name}`} />
      ))}
    </div>
  );
}

export function Legend({ runs }: { runs?: readonly Run[] }) {
  const sums = runs ? totals(runs) : null;
  const all = runs ? tokensOf(runs) : 0;
  return (
    <ul class="legend">
      {KINDS.map((kind) => (
        <li key={kind} title={WORDS[kind].what}>
          <span class={`swatch run ${kind}`} aria-hidden="true" />
          {WORDS[kind].name}
          {sums && <span class="dim"> {brief(sums[kind])} ({percent(sums[kind], all)})</span>}
        </li>
      ))}
    </ul>
  );
}

const PAGE = 120;

/** All turns. Arrow keys move between them; what is chosen is told in full below. */
export function Strip({ turns }: { turns: readonly Row[] }) {
  const [asTable, setAsTable] = useState(false);
  const [from, setFrom] = useState(() => Math.max(0, turns.length - PAGE));
  const [chosenId, setChosenId] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const scale = useMemo(() => scaleOf(turns), [turns]);
  const runs = useMemo(() => turns.flatMap((row) => row.turn?.strip ?? []), [turns]);
  const shown = turns.slice(from);
  const places = placesFor(shown.map((row) => row.cost?.total));
  const worst = useMemo(() => turns.reduce<Row | null>((most, row) => ((row.turn?.brokenCost ?? 0) > (most?.turn?.brokenCost ?? 0) ? row : most), null), [turns]);
  const chosen = turns.find((row) => row.id === chosenId) ?? worst ?? turns.at(-1) ?? null;

  useEffect(() => { setFrom((old) => Math.min(old, Math.max(0, turns.length - 1))); }, [turns.length]);

  const move = (e: KeyboardEvent) => {
    const at = shown.findIndex((row) => row.id === chosen?.id);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1, PageDown: at + 10, PageUp: at - 10 }[e.key];
    if (e.key === 'Enter' && chosen) location.hash = href('requests', chosen.id);
    if (next === undefined) return;
    e.preventDefault();
    const row = shown[Math.max(0, Math.min(shown.length - 1, next))];
    if (!row) return;
    setChosenId(row.id);
    list.current?.querySelector(`[data-id="${CSS.escape(row.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <>
      <div class="strip-head">
        <Legend runs={runs} />
        <button type="button" class="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{asTable ? 'Show the picture' : 'Show as a table'}</button>
      </div>
      {from > 0 && <p><button type="button" class="link" onClick={() => setFrom(Math.max(0, from - PAGE))}>Show {many(Math.min(PAGE, from), 'earlier turn')}</button></p>}
      {asTable ? <StripTable turns={shown} places={places} /> : (
        <div class="strip-frame">
          <div class="strip-axis" aria-hidden="true"><span class="right">#</span><span class="strip-scale"><span>start of the prompt</span><span>{brief(scale / 2)}</span><span>{brief(scale)} tokens</span></span><span class="right">cost</span><span>what broke it</span></div>
          <div class="strip" role="listbox" aria-label={`${many(turns.length, 'turn')}, oldest first. The arrow keys move between them.`} tabIndex={0} ref={list} onKeyDown={move} aria-activedescendant={chosen ? `turn-${chosen.id}` : undefined}>
            {shown.map((row) => <Line key={row.id} row={row} scale={scale} places={places} chosen={row.id === chosen?.id} choose={() => setChosenId(row.id)} />)}
          </div>
        </div>
      )}
      {!asTable && chosen && <Chosen row={chosen} asked={chosenId !== null} />}
    </>
  );
}

function Line({ row, scale, places, chosen, choose }: { row: Row; scale: number; places: number; chosen: boolean; choose: () => void }) {
  const turn = row.turn!;
  const broken = isBreak(turn.cause);
  const segments = layout(turn.strip, scale);
  return (
    <div id={`turn-${row.id}`} data-id={row.id} role="option" aria-selected={chosen} class={`line${chosen ? ' chosen' : ''}`} onClick={choose}>
      <span class="line-number"><span class="hidden">Turn </span>{turn.number}<span class="hidden">: {inWords(turn.strip)}. </span></span>
      <span class="bar" aria-hidden="true">
        {segments.map((one, i) => <span key={i} class={`run ${one.kind}${one.kind === 'missed' && segments[i - 1]?.kind !== 'missed' ? ' breaks' : ''}`} style={{ left: `${one.start * 100}%`, width: `${one.width * 100}%` }} />)}
      </span>
      <span class="line-cost"><Money of={row.cost?.total ?? null} places={places} /></span>
      <span class="line-cause">{broken ? <span class={turn.brokenCost > 0 ? 'cause' : 'cause mild'} title={sentence(turn.causeText)}><span class="hidden">Broken by </span>{causeName(turn.cause)}<span class="hidden">: {turn.causeText}</span></span> : turn.cause === 'first' ? <span class="dim">first</span> : ''}</span>
    </div>
  );
}

const causeName = (cause: string): string => cause.replaceAll('_', ' ');

function Chosen({ row, asked }: { row: Row; asked: boolean }) {
  const turn = row.turn!;
  const at = breakAt(turn.strip);
  const all = tokensOf(turn.strip);
  const sums = totals(turn.strip);
  return (
    <section class={`chosen${asked ? ' asked' : ''}`} aria-live="polite" aria-label="The chosen turn">
      <h3>Turn {turn.number} <span class="dim">· <When at={row.at} /> · {modelName(row.model)} · level {turn.level}</span></h3>
      <Bar runs={turn.strip} />
      <p class="chosen-numbers">
        {KINDS.filter((kind) => sums[kind] > 0).map((kind) => <span key={kind}><span class={`swatch run ${kind}`} aria-hidden="true" />{count(sums[kind])} {WORDS[kind].name} <span class="dim">({percent(sums[kind], all)})</span></span>)}
      </p>
      <p>
        {isBreak(turn.cause) ? <><strong>{sentence(turn.causeText)}</strong>{at !== null && <> The prompt stopped matching at token {count(at)} of {count(all)}.</>}{turn.brokenTokens > 0 && <> {count(turn.brokenTokens)} tokens were paid for again: <Money of={turn.brokenCost} />.</>}</> : turn.cause === 'first' ? 'The first request of the conversation: there was nothing to read yet.' : 'Nothing broke: all that earlier requests share was read.'}
      </p>
      <p class="dim">Input as planned: <Money of={turn.planned} /> · lower bound: <Money of={turn.bound} /> · whole turn: <Money of={row.cost?.total ?? null} />{row.cost && <> instead of <Money of={row.cost.withoutCaching} /> without caching</>} · <a href={href('requests', row.id)}>the request</a></p>
    </section>
  );
}

function StripTable({ turns, places }: { turns: readonly Row[]; places: number }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Turns as a table">
      <table class="rows numbers">
        <caption class="hidden">Tokens of each turn's prompt by what became of them</caption>
        <thead><tr><th scope="col">Turn</th><th scope="col">When</th>{KINDS.map((kind: RunKind) => <th key={kind} scope="col" class="right">{WORDS[kind].name}</th>)}<th scope="col" class="right">Output</th><th scope="col" class="right">Cost</th><th scope="col">What broke it</th></tr></thead>
        <tbody>
          {turns.map((row) => {
            const sums = totals(row.turn!.strip);
            return (
              <tr key={row.id}>
                <th scope="row"><a href={href('requests', row.id)}>{row.turn!.number}</a></th>
                <td><When at={row.at} /></td>
                {KINDS.map((kind) => <td key={kind} class="right">{sums[kind] ? count(sums[kind]) : <span class="dim">0</span>}</td>)}
                <td class="right">{row.usage ? count(row.usage.output) : '–'}</td>
                <td class="right"><Money of={row.cost?.total ?? null} places={places} /></td>
                <td>{isBreak(row.turn!.cause) ? row.turn!.causeText : <span class="dim">nothing</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
