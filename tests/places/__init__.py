"""The places where notebooks live: Binder, Voila, JupyterHub, a gateway. Each has an environment of its own."""
