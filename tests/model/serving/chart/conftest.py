"""A chart for all tests of a file."""

import pytest

from model.serving.chart import Chart


@pytest.fixture(scope="module")
def chart() -> Chart:
    return Chart()
