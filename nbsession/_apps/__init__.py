"""The apps that ``start_server`` runs: their names, and one run of each kind."""
