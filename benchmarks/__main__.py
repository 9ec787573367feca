import sys

from experiment.cli import main

sys.exit(main(["bench", *sys.argv[1:]]))
