"""Starts a Python function.

A script is compiled at every start, a module only where its bytecode isn't found beside it: so all
that there is to run stands in a module.
"""

from kelvin_runtime import main

main()
