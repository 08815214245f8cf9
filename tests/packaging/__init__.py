"""How nbsession is built."""
