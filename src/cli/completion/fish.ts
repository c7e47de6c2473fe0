import type { CommandWords, OptionWords, Value } from './words.ts';

/** The completion script for fish. */
export function fishScript([root, ...commands]: readonly CommandWords[]): string {
  const complete = `complete -c ${root!.name}`;
  const none = "-n '__fish_use_subcommand'";
  return `# Completion of ${root!.name} for fish. In ~/.config/fish/config.fish: ${root!.name} completion fish | source
${complete} -f
${root!.options.map((option) => `${complete} ${none} ${optionFlags(option)}`).join('\n')}
${commands.map(({ name, description }) => `${complete} ${none} -a ${name} -d ${quoted(description)}`).join('\n')}
${commands.flatMap((command) => commandLines(complete, command)).join('\n')}
`;
}

function commandLines(complete: string, { name, options, value }: CommandWords): string[] {
  const here = `${complete} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...options.map((option) => `${here} ${optionFlags(option)}`),
    ...(value.kind === 'none' ? [] : [`${here} ${takes(value)}`]),
  ];
}

function optionFlags({ flags, description, value }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...(value.kind === 'none' ? [] : [takes(value)]), `-d ${quoted(description)}`].join(' ');
}

/** The value of an option: -x asks for a value other than a file, -r -F asks for a file. */
function takes(value: Value): string {
  switch (value.kind) {
    case 'words': {
      const folders = value.prefixes.map(
        (prefix) =>
          `(__fish_complete_directories (string replace -- "${prefix}" "" (commandline -ct)) | string replace -r "^" "${prefix}")`,
      );
      return `-x -a ${quoted([...value.words, ...value.prefixes, ...folders].join(' '))}`;
    }
    case 'folder':
      return "-x -a '(__fish_complete_directories)'";
    case 'file':
      return '-r -F';
    default:
      return '-x';
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
