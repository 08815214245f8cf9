"""Notebooks: sessions in the cells of a running ipykernel."""
