"""The settings of reportlab as it ships them.

It also takes them from variables of the environment and from files in the home and on the path; none of these may
change what a report looks like, or its bytes.
"""

from reportlab import rl_config, rl_settings


def take_shipped_settings() -> None:
    """Let reportlab forget what the environment told it; streams are kept as bytes, not as ASCII.

    Names that reportlab turns into something else (of a sheet, of folders) are left alone: a report gives its own.
    """
    for name in rl_settings.__all__:
        value = getattr(rl_settings, name)
        if isinstance(value, int | float | str) and isinstance(getattr(rl_config, name), int | float | str):
            setattr(rl_config, name, value)
    rl_config.useA85 = 0
