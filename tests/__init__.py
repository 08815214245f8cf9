"""The tests of nbsession."""
