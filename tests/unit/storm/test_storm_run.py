"""What all gateways of a storm are compared by."""

from storm.storm_run import asked_of_all
from support.rows import row


def test_page_that_one_gateway_got_after_the_end_counts_for_none() -> None:
    """A gateway that gets each page a little later has its last one after the end of the load."""
    first, second = ([row(at_s=at_s) for at_s in times] for times in ((1.0, 2.0, 2.99), (1.02, 2.02, 3.01)))
    assert asked_of_all([first, second], 3.0) == [first[:2], second[:2]]
