"""`python -m leitai`: the same as the `leitai` command."""

from leitai.cli import main

main()
