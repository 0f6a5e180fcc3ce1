"""Names the plugins; nothing else."""

pytest_plugins = (
    "reports.plugin",
    "fixtures.plugin",
    "fixtures.measure_plugin",
    "fixtures.gate_plugin",
    "fixtures.accuracy_plugin",
    "fixtures.isolation_plugin",
)
