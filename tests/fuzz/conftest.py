from tests.exchange.conftest import editor, save, storm  # noqa: F401 - fixtures
