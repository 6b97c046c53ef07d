"""`python -m tenure` is the program `tenure`."""

from tenure.cli import main

if __name__ == "__main__":
    main()
