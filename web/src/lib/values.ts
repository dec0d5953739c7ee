// Between a setting's value and the text of its field.
import type { Setting } from '../api/contract.ts';

export type Control = 'choice' | 'switch' | 'number' | 'structure' | 'text' | 'secret';

const isStructure = (text: string): boolean => /^\s*[[{]/.test(text);

/** Which field a setting is edited in. */
export function controlOf(setting: Setting): Control {
  if (setting.secret) return 'secret';
  if (setting.choices && setting.choices.length > 0) return isBoolean(setting) ? 'switch' : 'choice';
  if (isBoolean(setting)) return 'switch';
  if (typeof setting.value === 'object' && setting.value !== null) return 'structure';
  if (isStructure(setting.default)) return 'structure';
  if (typeof setting.value === 'number' || (setting.value === null && /^-?\d+(\.\d+)?$/.test(setting.default))) return 'number';
  return 'text';
}

const isBoolean = (setting: Setting): boolean =>
  typeof setting.value === 'boolean'
  || (setting.default === 'true' || setting.default === 'false')
  || (setting.choices?.length === 2 && setting.choices.every((choice) => choice === 'true' || choice === 'false'));

/** The value as its field shows it; what is not set shows as nothing. */
export function shown(setting: Setting): string {
  const { value } = setting;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** What is sent for what was typed: null takes the setting out of the file. Says what is wrong where it cannot be read at all. */
export function parsed(setting: Setting, text: string): { value: unknown } | { error: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { value: null };
  switch (controlOf(setting)) {
    case 'switch': return { value: trimmed === 'true' };
    case 'number': return /^-?\d+(\.\d+)?$/.test(trimmed) ? { value: Number(trimmed) } : { value: trimmed };
    case 'structure': return json(trimmed);
    case 'secret': return isStructure(trimmed) ? json(trimmed) : { value: trimmed };
    default: return { value: text };
  }
}

function json(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (e) {
    return { error: `This is not JSON: ${e instanceof Error ? e.message : String(e)}` };
  }
}
