"""What the tests of acquire/ share."""

from hypothesis import settings

# A busy machine is slow now and then; how long an example takes proves nothing.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
