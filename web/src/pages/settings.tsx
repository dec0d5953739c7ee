import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { BudgetState, Overview, PresetInfo, Setting, Settings, SettingsResult } from '../api/contract.ts';
import { budgets as liveBudgets } from '../api/live.ts';
import { href } from '../lib/route.ts';
import { controlOf, parsed, shown } from '../lib/values.ts';
import { Copy, Empty, Failure, Money, Notice, Title, Waiting, When } from '../parts/basics.tsx';
import { useAction, useResource } from '../parts/resource.ts';
import { BudgetLine } from './overview.tsx';

const TABS: [tab: string, name: string][] = [['levels', 'Cache levels'], ['budgets', 'Keys and budgets'], ['presets', 'Presets'], ['all', 'All settings']];

/** Which settings a tab shows. */
const IN_TAB: Record<string, (setting: Setting) => boolean> = {
  levels: (setting) => setting.path.startsWith('cache.') || /^upstreams\.[^.]+\.cache$/.test(setting.path),
  budgets: (setting) => setting.group === 'budgets' || setting.path.startsWith('budgets') || setting.path.includes('gateway_keys'),
  all: () => true,
};

export function SettingsPage({ tab }: { tab: string }) {
  const known = TABS.some(([name]) => name === tab) ? tab : 'levels';
  return (
    <>
      <Title>Settings</Title>
      <nav class="tabs" aria-label="Settings">{TABS.map(([name, text]) => <a key={name} href={href('settings', name)} aria-current={name === known ? 'page' : undefined}>{text}</a>)}</nav>
      {known === 'presets' ? <Presets /> : <Form key={known} tab={known} />}
    </>
  );
}

function Form({ tab }: { tab: string }) {
  const { data, error, reload } = useResource<Settings>('settings');
  const overview = useResource<Overview>(tab === 'budgets' ? 'overview?range=day' : null);
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [general, setGeneral] = useState<string[]>([]);
  const [done, setDone] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const changed = Object.keys(drafts);

  /** Reads the drafts; null where one cannot be read. */
  const changes = (): { path: string; value: unknown }[] | null => {
    const errors: Record<string, string> = {};
    const list: { path: string; value: unknown }[] = [];
    for (const path of changed) {
      const setting = data!.settings.find((one) => one.path === path)!;
      const value = parsed(setting, drafts[path]!);
      if ('error' in value) errors[path] = value.error;
      else list.push({ path, value: value.value });
    }
    setWrong(errors);
    setGeneral([]);
    return Object.keys(errors).length > 0 ? null : list;
  };

  const take = (result: SettingsResult): boolean => {
    const known = new Set(data?.settings.map((one) => one.path));
    setWrong(Object.fromEntries(result.errors.filter((one) => one.path !== null && known.has(one.path)).map((one) => [one.path!, one.text])));
    setGeneral(result.errors.filter((one) => one.path === null || !known.has(one.path)).map((one) => (one.path ? `${one.path}: ${one.text}` : one.text)));
    return result.ok;
  };

  const save = useAction(async () => {
    setDone(null);
    const list = changes();
    if (list && take(await post<SettingsResult>('settings', { version: data!.version, changes: list }))) {
      setDrafts({});
      setDone(`Saved: ${list.map((one) => one.path).join(', ')}.`);
      reload();
      overview.reload();
    } else {
      focusFirstError();
    }
  });
  const check = useAction(async (path: string, text: string) => {
    const setting = data!.settings.find((one) => one.path === path)!;
    const value = parsed(setting, text);
    const result = 'error' in value ? null : await post<SettingsResult>('settings/check', { version: data!.version, changes: [{ path, value: value.value }] });
    const found = 'error' in value ? value.error : result!.errors.find((one) => one.path === path || one.path === null)?.text;
    setWrong((old) => without(old, path, found));
  });
  const undo = useAction(async () => {
    setDone(null);
    if (take(await post<SettingsResult>('settings/undo', { version: data!.version }))) {
      setDrafts({});
      setDone('The latest change is taken back.');
      reload();
      overview.reload();
    }
  });

  if (!data) return <><Failure error={error} retry={reload} />{!error && <section class="card"><Waiting rows={10} /></section>}</>;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shownSettings = data.settings.filter((one) => IN_TAB[tab]!(one) && words.every((word) => `${one.path} ${one.text}`.toLowerCase().includes(word)));
  const groups = [...new Set(shownSettings.map((one) => one.group))];
  const budgets = liveBudgets.value ?? overview.data?.budgets ?? [];

  return (
    <form class="settings" noValidate onSubmit={(e) => { e.preventDefault(); void save.run(); }}>
      <Failure error={error ?? save.error ?? undo.error} />
      {done && <Notice kind="good">{done}</Notice>}
      {general.length > 0 && <Notice kind="bad">{general.map((text, i) => <p key={i}>{text}</p>)}</Notice>}
      {tab === 'budgets' && <BudgetsNow list={budgets} />}
      {tab === 'all' && <input type="search" class="search wide" aria-label="Search settings" placeholder="Search settings" value={search} onInput={(e) => setSearch(e.currentTarget.value)} onKeyDown={(e) => { if (e.key === 'Enter') e.preventDefault(); }} />}
      {shownSettings.length === 0 && <section class="card"><Empty title={search ? `No setting has “${search}”.` : 'Nothing to set here.'} /></section>}
      {groups.map((group) => (
        <section class="card" key={group}>
          {(groups.length > 1 || tab === 'all') && <h2>{group || 'general'}</h2>}
          <div class="setting-list">
            {shownSettings.filter((one) => one.group === group).map((one) => (
              <SettingField
                key={one.path}
                setting={one}
                draft={drafts[one.path]}
                error={wrong[one.path] ?? null}
                edit={(text) => {
                  setDone(null);
                  setDrafts((old) => without(old, one.path, text === shown(one) ? undefined : text));
                  setWrong((old) => without(old, one.path, undefined));
                }}
                leave={(text) => { if (one.path in drafts) void check.run(one.path, text); }}
              />
            ))}
          </div>
        </section>
      ))}
      <section class="card changes-card">
        <h2>History</h2>
        <p class="dim small-text">Written to <code class="wrap">{data.file}</code>, comments and order kept.</p>
        {data.changes.length === 0 ? <p class="dim">Nothing was changed here yet.</p> : (
          <ol class="plain-list changes">{data.changes.slice(0, 12).map((one, i) => <li key={i}><span class="dim"><When at={one.at} /></span> <span class="wrap">{one.text}</span>{i === 0 && <button type="button" class="small" disabled={undo.busy} onClick={() => { void undo.run(); }}>Undo</button>}</li>)}</ol>
        )}
      </section>
      {changed.length > 0 && (
        <div class="save-bar" role="region" aria-label="Unsaved changes">
          <span>{changed.length === 1 ? <>1 change: <code>{changed[0]}</code></> : `${changed.length} changes`}</span>
          <button type="button" onClick={() => { setDrafts({}); setWrong({}); setGeneral([]); }}>Discard</button>
          <button class="primary" disabled={save.busy}>{save.busy ? 'Saving …' : 'Save'}</button>
        </div>
      )}
    </form>
  );
}

function without(old: Record<string, string>, path: string, text: string | undefined): Record<string, string> {
  const next = { ...old };
  if (text === undefined) delete next[path];
  else next[path] = text;
  return next;
}

const focusFirstError = () => requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());

const ORIGINS: Record<string, string> = { default: 'default', file: 'set in the file', environment: 'set by the environment', flag: 'set on the command line' };

function SettingField({ setting, draft, error, edit, leave }: { setting: Setting; draft: string | undefined; error: string | null; edit: (text: string) => void; leave: (text: string) => void }) {
  const id = `setting-${setting.path}`;
  const control = controlOf(setting);
  const text = draft ?? (control === 'secret' ? '' : shown(setting));
  const common = {
    id,
    disabled: !setting.editable,
    'aria-describedby': `${error ? `${id}-error ` : ''}${id}-hint`,
    'aria-invalid': error !== null,
  };
  const empty = setting.default ? `default: ${setting.default}` : 'not set';
  return (
    <div class={`setting${error ? ' wrong' : ''}${draft !== undefined ? ' changed' : ''}`}>
      <div class="setting-head">
        <label for={id}><code>{setting.path}</code></label>
        <span class={`origin${setting.origin === 'default' ? ' dim' : ''}`}>{ORIGINS[setting.origin] ?? setting.origin}{!setting.editable && ', not editable here'}</span>
      </div>
      <div class="setting-control">
        {control === 'choice' || control === 'switch' ? (
          <select {...common} value={text} onChange={(e) => { edit(e.currentTarget.value); leave(e.currentTarget.value); }}>
            <option value="">{empty}</option>
            {(control === 'switch' ? ['true', 'false'] : setting.choices!).map((choice) => <option key={choice} value={choice}>{control === 'switch' ? (choice === 'true' ? 'yes' : 'no') : choice}</option>)}
          </select>
        ) : control === 'structure' ? (
          <textarea {...common} class="mono" rows={Math.min(12, Math.max(2, text.split('\n').length))} spellcheck={false} placeholder={empty} value={text} onInput={(e) => edit(e.currentTarget.value)} onBlur={(e) => leave(e.currentTarget.value)} />
        ) : control === 'secret' ? (
          <input {...common} type="password" autoComplete="off" placeholder={setting.value ? 'set; type to replace it' : empty} value={text} onInput={(e) => edit(e.currentTarget.value)} onBlur={(e) => leave(e.currentTarget.value)} />
        ) : (
          <input {...common} type="text" inputMode={control === 'number' ? 'decimal' : 'text'} autoComplete="off" spellcheck={false} placeholder={empty} value={text} onInput={(e) => edit(e.currentTarget.value)} onBlur={(e) => leave(e.currentTarget.value)} />
        )}
        {(draft ?? shown(setting)) !== '' && setting.editable && setting.origin === 'file' && draft !== '' && <button type="button" class="link" onClick={() => edit('')}>use the default</button>}
      </div>
      {error && <p class="error" id={`${id}-error`} role="alert">{error}</p>}
      <p class="hint" id={`${id}-hint`}>{setting.text}{setting.range && <> <span class="range">Takes {setting.range}.</span></>}</p>
    </div>
  );
}

function BudgetsNow({ list }: { list: readonly BudgetState[] }) {
  return (
    <section class="card">
      <h2>Budgets now</h2>
      {list.length === 0 ? <Empty title="No budget is set."><p>A hard limit stops requests with a 429 that says when it resets; a soft one warns here and in a response header. Set one below.</p></Empty>
        : <ul class="plain-list budgets">{list.map((one) => <BudgetLine key={`${one.name}${one.period}`} of={one} />)}</ul>}
    </section>
  );
}

function Presets() {
  const { data, error, reload } = useResource<{ presets: PresetInfo[] }>('presets');
  const [name, setName] = useState('');
  const valid = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
  return (
    <>
      <Failure error={error} retry={reload} />
      {!data && !error && <section class="card"><Waiting rows={4} /></section>}
      {data && (
        <section class="card table-card">
          <table class="rows cards">
            <thead><tr><th scope="col">Preset</th><th scope="col">Address</th><th scope="col" class="right">Requests</th><th scope="col" class="right">Cost</th></tr></thead>
            <tbody>
              {data.presets.map((one) => (
                <tr key={one.name}>
                  <th scope="row"><a class="strong-link" href={href('settings', 'presets', one.name)}>{one.name}</a>{one.shipped && <span class="tag quiet">comes with Tuppence</span>}<span class="second dim">{one.description}</span></th>
                  <td data-label="Address"><span class="copyable"><code class="wrap">{one.url}</code> <Copy text={one.url} label={`the address of ${one.name}`} /></span></td>
                  <td class="right" data-label="Requests">{one.cost?.requests ?? 0}</td>
                  <td class="right" data-label="Cost"><Money of={one.cost?.cost ?? 0} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <form class="inline-form" onSubmit={(e) => { e.preventDefault(); if (valid) location.hash = href('settings', 'presets', name); }}>
        <label for="new-preset">New preset</label>
        <input id="new-preset" value={name} placeholder="name" spellcheck={false} autoComplete="off" aria-invalid={name !== '' && !valid} aria-describedby="new-preset-hint" onInput={(e) => setName(e.currentTarget.value)} />
        <button disabled={!valid}>Begin</button>
        <span id="new-preset-hint" class={name !== '' && !valid ? 'error' : 'dim small-text'}>{name !== '' && !valid ? 'Up to 64 letters, digits, “-”, “_” and “.”, and a letter or digit first.' : 'Part of the address that front ends use.'}</span>
      </form>
    </>
  );
}
