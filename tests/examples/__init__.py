"""What PyWebIO's documentation of its input and pin functions shows: programs, and what a reader does with them.

The tests of served pages and of cells use them. A cell runs the text of the modules of programs, which therefore import
nothing but nbsession and the standard library.
"""
