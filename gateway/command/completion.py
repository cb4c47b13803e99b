"""`sekisho completion bash|zsh`: what a shell completes, made of the parser itself, so that it knows every verb and option.

sekisho completion bash > /etc/bash_completion.d/sekisho
sekisho completion zsh > /usr/local/share/zsh/site-functions/_sekisho
"""

import argparse
import re
from collections.abc import Iterator

import msgspec

SHELLS = ("bash", "zsh")


class CompletedVerb(msgspec.Struct, frozen=True):
    """A verb with its path, such as "policy replay": what may stand behind it, and whether that may be a file."""

    path: str
    words: tuple[str, ...]
    files: bool
    help: str = ""


def verbs(parser: argparse.ArgumentParser, path: str = "", text: str = "") -> Iterator[CompletedVerb]:
    """The verbs of a parser, itself first."""
    words: list[str] = []
    files = False
    below: dict[str, argparse.ArgumentParser] = {}
    said: dict[str, str] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below |= action.choices
            said |= {each.dest: each.help or "" for each in action._choices_actions}
            words += action.choices
        else:
            words += [*action.option_strings, *(map(str, action.choices) if action.choices else ())]
            files = files or getattr(action.type, "__name__", "") == "Path"
    yield CompletedVerb(path, tuple(words), files, text)
    for name, each in below.items():
        yield from verbs(each, f"{path} {name}".strip(), said.get(name, ""))


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The text that the shell reads."""
    found = list(verbs(parser))
    return _bash(found) if shell == "bash" else _zsh(found)


def _bash(found: list[CompletedVerb]) -> str:
    cases = "\n".join(
        f"        {_quoted(each.path)}) words={_quoted(' '.join(each.words))}; files={'yes' if each.files else ''} ;;"
        for each in found
    )
    return f"""\
# bash completion for sekisho, made by: sekisho completion bash
_sekisho() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} path="" word words="" files="" known=""
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case " {" ".join(sorted({_key(each.path) for each in found if each.path}))} " in
            *" ${{path:+${{path// /_}}_}}$word "*) path="${{path:+$path }}$word" ;;
        esac
    done
    case "$path" in
{cases}
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if [ -n "$files" ] && [ "${{current#-}}" = "$current" ]; then
        mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}}
complete -F _sekisho sekisho
"""


def _zsh(found: list[CompletedVerb]) -> str:
    cases = "\n".join(
        f"    {_quoted(each.path)}) offered=({' '.join(map(_quoted, each.words))}); files={'yes' if each.files else ''} ;;"
        for each in found
    )
    return f"""\
#compdef sekisho
# zsh completion for sekisho, made by: sekisho completion zsh
_sekisho() {{
  local path_="" word files=""
  local -a offered known
  local -i found=1
  known=({" ".join(sorted({_key(each.path) for each in found if each.path}))})
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    if (( ${{known[(Ie)${{path_:+${{path_// /_}}_}}$word]}} )); then path_="${{path_:+$path_ }}$word"; fi
  done
  case "$path_" in
{cases}
  esac
  compadd -a offered && found=0
  [[ -n "$files" ]] && _files && found=0
  return found
}}
if [[ "$funcstack[1]" = _sekisho ]]; then _sekisho "$@"; else compdef _sekisho sekisho; fi
"""


def _key(path: str) -> str:
    return path.replace(" ", "_")


def _quoted(text: str) -> str:
    return "'" + re.sub(r"'", "'\\''", text) + "'"
