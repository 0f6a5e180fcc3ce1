"""Names the plugins; nothing else."""

pytest_plugins = ("tandem.plugin",)
