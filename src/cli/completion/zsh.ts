import type { CommandWords, OptionWords, Value } from './words.ts';

/** The completion script for zsh. */
export function zshScript([root, ...commands]: readonly CommandWords[]): string {
  return `#compdef ${root!.name}
# Completion of ${root!.name} for zsh. In ~/.zshrc, after compinit: source <(${root!.name} completion zsh)
_turbo_lora_folder() { compset -P '*='; _files -/; }
_turbo_lora_before_folder() {
  local prefix=$1; shift
  if compset -P $prefix; then _files -/; else compadd -- "$@"; compadd -S '' -- $prefix; fi
}
_turbo_lora() {
  local curcontext=$curcontext context state state_descr line
  typeset -A opt_args
  _arguments -C ${root!.options.map(optionSpec).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
${commands.map(({ name, description }) => `        ${quoted(`${name}:${description}`)}`).join('\n')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = _turbo_lora ]; then _turbo_lora "$@"; else compdef _turbo_lora ${root!.name}; fi
`;
}

function commandCase({ name, options, value }: CommandWords): string {
  const specs = [...options.map(optionSpec), ...(value.kind === 'none' ? [] : [quoted(`1:argument:${action(value)}`)])];
  return `        ${name}) _arguments \\\n${specs.map((spec) => `          ${spec}`).join(' \\\n')} ;;`;
}

function optionSpec({ flags, description, value, repeats }: OptionWords): string {
  const text = description.replace(/[[\]:\\]/g, '\\$&');
  const names = flags.map((flag) => (value.kind !== 'none' && flag.startsWith('--') ? `${flag}=` : flag));
  const takes = value.kind === 'none' ? '' : `:value:${action(value)}`;
  const others = repeats ? '*' : flags.length > 1 ? `(${flags.join(' ')})` : '';
  return names.map((name) => quoted(`${others}${name}[${text}]${takes}`)).join(' ');
}

function action(value: Value): string {
  switch (value.kind) {
    case 'words':
      return value.prefixes.length === 0
        ? `(${value.words.join(' ')})`
        : // With a space in front, `_arguments` adds no arguments itself.
          ` _turbo_lora_before_folder ${value.prefixes[0]!.replace(':', '\\:')} ${value.words.join(' ')}`;
    case 'folder':
      return '_turbo_lora_folder';
    case 'file':
      return '_files';
    default:
      return ' ';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
