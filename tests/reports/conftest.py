from tests.site.conftest import demo, demo_of_module  # noqa: F401
