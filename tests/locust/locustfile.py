"""What the master of the tests runs. Its users are only counted there: what they do is Ringback's."""

import locust


class Caller(locust.User):
    @locust.task
    def call(self):
        raise NotImplementedError("Ringback plays the calls")
