"""Tests in a real front end (JupyterLab or Notebook 7), in a real Chromium, with a real kernel.

``NBSESSION_TEST_FRONTEND`` (``lab`` or ``notebook``) says which front end, ``NBSESSION_TEST_PYTHON`` which
environment's Python runs the Jupyter server, ``NBSESSION_TEST_KERNEL_PYTHON`` which one runs the kernels. By default:
``lab``, the Python that runs pytest, and the server's.
"""
