/** Asks the command itself: it knows its commands and flags. */
export const bashScript: string = `# completion of tandemq for bash
_tandemq_complete() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(SHELL=bash "\${COMP_WORDS[0]}" --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)" -- "$word"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _tandemq_complete tandemq
`;

export const zshScript: string = `#compdef tandemq
# completion of tandemq for zsh
_tandemq_complete() {
  local -a found
  found=("\${(@f)$(SHELL=zsh "\${words[1]}" --get-yargs-completions "\${words[@]}" 2>/dev/null)}")
  if [ -n "\${found[1]}" ]; then
    _describe 'tandemq' found
  else
    _files
  fi
}
compdef _tandemq_complete tandemq
`;
