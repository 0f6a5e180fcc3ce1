"""Names the plugins; nothing else."""

from fixtures.scenarios import SCENARIOS

pytest_plugins = (
    "reports.plugin",
    "fixtures.plugin",
    "fixtures.workers_plugin",
    *(scenario.plugin for scenario in SCENARIOS),
)
