"""The command line: flags → run, and printing. Each command is a module, which is loaded when it is called.

A command ``x`` is ``command`` in ``x.py`` and a line in COMMANDS. Shared by commands: ``flags/`` (a new flag is one
entry in ``flags/run.py``), ``watch/`` (a run on the terminal), ``progress/`` (how it looks while it lasts),
``printing``, ``exit_codes``.
"""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from mmra_api.cli import exit_codes
from mmra_api.cli.printing import print_error
from mmra_api.errors import MmraError, OverBudget, Stopped

COMMANDS = {
    "run": "Ask a model about a benchmark, score the answers, report.",
    "score": "Read the replies of runs again: another extractor, or a judge.",
    "report": "Show runs as one table.",
    "runs": "List the runs there are.",
    "show": "Show one sample of a run: prompt, reply, what was read in it.",
    "audit": "See what was not read with certainty, and label it by hand.",
    "models": "List the services and your keys; check that a model works.",
    "cache": "Look into the store of everything that was paid for.",
    "probes": "Draw fresh image pairs with known answers.",
    "sandbox": "Serve simulated models on this machine, to rehearse a run.",
    "demo": "See the whole tool at work, offline, in under a minute.",
}
"""Name → one line of help. Stated here, so that ``mmra --help`` loads no command; a test compares them."""

DEBUG_VARIABLE = "MMRA_DEBUG"
"""Set to anything, an error shows where it happened: the traceback."""


class LazyGroup(click.Group):
    """Loads a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its module."""
        if cmd_name not in COMMANDS:
            return None  # click then says that there is no such command
        # Here and not above, because the commands together import all that the package has.
        command = importlib.import_module(f"mmra_api.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, epilog=exit_codes.HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mmra-api", prog_name="mmra")
def cli() -> None:
    """Measure how vision-language models relate several images.

    Begin with `mmra demo`, or with `mmra run probes --model openai/<id> --limit 22`. To ask the same thing twice costs
    nothing: every reply is kept on disk.
    """


def main() -> None:
    """Run the command line and exit. What is wrong with the input becomes a message, with exit code 2."""
    try:
        code = cli(standalone_mode=False)  # because click would end with exit codes of its own
    except click.ClickException as error:
        shown = io.StringIO()  # because click prints such errors itself, and breaks no lines
        error.show(shown)
        print_error(shown.getvalue().rstrip("\n"))
        sys.exit(error.exit_code)
    # These two before MmraError, which they belong to: they have exit codes of their own. Abort has no text.
    except (click.Abort, Stopped) as error:
        print_error(str(error) or "interrupted")
        sys.exit(exit_codes.INTERRUPTED)
    except OverBudget as error:
        print_error(str(error))
        sys.exit(exit_codes.OVER_BUDGET)
    except MmraError as error:
        print_error(f"error: {error}")
        sys.exit(exit_codes.BAD_INPUT)
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        bug = not isinstance(error, OSError)  # a full disk, a closed pipe: no fault of ours
        message = f"a bug in mmra, please report it: {type(error).__name__}: {error}" if bug else str(error)
        print_error(f"error: {message} ({DEBUG_VARIABLE}=1 shows where)")
        sys.exit(exit_codes.BAD_INPUT)
    # click returns the code that a command gave to ctx.exit(), else what the command returned: nothing.
    sys.exit(code if isinstance(code, int) else exit_codes.DONE)
