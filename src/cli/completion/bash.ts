import type { CommandWords, Value } from './words.ts';

/** The completion script for bash, 3.2 and newer. */
export function bashScript([root, ...commands]: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of ${root!.name} for bash. In ~/.bashrc: source <(${root!.name} completion bash)
_turbo_lora_words() { COMPREPLY=($(compgen -W "$1" -- "$word")); }
_turbo_lora_folder() { compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$word")); }
_turbo_lora_file() { compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$word")); }
_turbo_lora() {
  local IFS=$' \\t\\n' at=$COMP_CWORD word=\${COMP_WORDS[COMP_CWORD]} command= option i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in ${names.join('|')}) command=\${COMP_WORDS[i]}; break ;; esac
  done
  # bash takes --option=value and word:value apart, with = and : as words of their own.
  case $word in =|:) word= ;; *) at=$((at - 1)) ;; esac
  case \${COMP_WORDS[at]} in
    :) IFS=$'\\n'; _turbo_lora_folder; return ;;
    =) at=$((at - 1)); case \${COMP_WORDS[at]} in -*) ;; *) at=$((at - 1)) ;; esac ;;
  esac
  option=\${COMP_WORDS[at]}
  case "$command $option" in
${commands.flatMap(optionCases).join('\n')}
  esac
  case $word in
    -*) case $command in
${[{ ...root!, name: "''" }, ...commands].map(flagsCase).join('\n')}
    esac ;;
    *) case $command in
      '') _turbo_lora_words '${names.join(' ')}' ;;
${commands.flatMap(argumentCase).join('\n')}
    esac ;;
  esac
}
complete -F _turbo_lora ${root!.name}
`;
}

function optionCases({ name, options }: CommandWords): string[] {
  return options
    .filter(({ value }) => value.kind !== 'none')
    .map(({ flags, value }) => {
      const patterns = flags.map((flag) => `'${name} ${flag}'`).join('|');
      return `    ${patterns}) ${reply(value)}; return ;;`;
    });
}

function flagsCase({ name, options }: CommandWords): string {
  return `      ${name}) _turbo_lora_words '${options.flatMap(({ flags }) => flags).join(' ')}' ;;`;
}

function argumentCase({ name, value }: CommandWords): string[] {
  return value.kind === 'none' ? [] : [`      ${name}) ${reply(value)} ;;`];
}

function reply(value: Value): string {
  switch (value.kind) {
    case 'words': {
      const words = `_turbo_lora_words '${[...value.words, ...value.prefixes].join(' ')}'`;
      // No space after a prefix: a folder follows it.
      return value.prefixes.length === 0
        ? words
        : `${words}; case \${COMPREPLY[0]} in *:) compopt -o nospace 2>/dev/null ;; esac`;
    }
    case 'folder':
    case 'file':
      return `IFS=$'\\n'; _turbo_lora_${value.kind}`;
    default:
      return ':';
  }
}
