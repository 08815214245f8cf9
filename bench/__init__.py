"""What nbsession costs, against what a comm can do, what users have today, and the original.

``python -m bench`` prints one table. In each row both sides are measured in turn, in the same JupyterLab, the same
Chromium and the same minutes: the ratios count, the figures are this machine's.
"""
