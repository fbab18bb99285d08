"""`diskwitness completion`: the script that teaches a shell this program's commands and options."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from diskwitness.answer import Answer, answering

SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "fish": FishComplete, "zsh": ZshComplete}


@click.command("completion")
@click.argument("shell", type=click.Choice(sorted(SHELLS)))
@answering
def command(answer: Answer, shell: str) -> None:
    """Print the completion script of SHELL (bash, fish or zsh).

    For bash: diskwitness completion bash > ~/.local/share/bash-completion/completions/diskwitness
    """
    program = click.get_current_context().find_root().command
    script = ShellComplete.source(SHELLS[shell](program, {}, "diskwitness", "_DISKWITNESS_COMPLETE"))
    answer.facts |= {"shell": shell, "script": script}
    answer.show(script)
