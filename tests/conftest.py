"""All fixtures are in tests/harness/fixtures.py, what governs a whole run in sessions.py."""

pytest_plugins = (
    "tests.harness.sessions",
    "tests.harness.fixtures",
    "tests.world",
    "tests.browser.stage",
)
