// Command line of the form --name value, --flag.

/** Value after --name, or `fallback`. */
export const option = (name, fallback) => {
  const i = process.argv.indexOf(`--${name}`);
  return i > 0 && i + 1 < process.argv.length ? process.argv[i + 1] : fallback;
};

export const flag = (name) => process.argv.includes(`--${name}`);

/** Ends the program with what is wrong where an unknown option was given. */
export function allow(...names) {
  const unknown = process.argv.slice(2).filter((a) => a.startsWith('--') && !names.includes(a.slice(2)));
  if (unknown.length) {
    console.error(`unknown option ${unknown.join(', ')}; there are: ${names.map((n) => `--${n}`).join(' ')}`);
    process.exit(2);
  }
}
