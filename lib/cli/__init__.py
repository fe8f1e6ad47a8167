"""The command line, the install and the notebooks' editions."""
