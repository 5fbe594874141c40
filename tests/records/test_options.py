"""Settings: a bad value is refused at start, in one sentence."""

import pytest

from beiji.records import options


def test_a_bad_value_names_the_setting_and_the_mend():
    with pytest.raises(options.OptionError, match='BEIJI_THREADS is "many"; write a whole number'):
        options.read("BEIJI_THREADS", {"BEIJI_THREADS": "many"})
    with pytest.raises(options.OptionError, match='BEIJI_DEBUG is "perhaps"; write yes or no'):
        options.read("BEIJI_DEBUG", {"BEIJI_DEBUG": "perhaps"})


@pytest.mark.parametrize("option", options.OPTIONS, ids=lambda option: option.name)
def test_every_default_can_be_read_and_every_setting_has_its_sentence(option):
    options.read(option.name, {})
    assert option.sentence.endswith(".")
