"""What `make` calls: set-up, servers, databases, tests and checks of the suite.

Standard library only: it runs before the virtual environment exists.
"""
